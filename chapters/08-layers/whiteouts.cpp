#include "chapters/08-layers/whiteouts.hpp"

namespace dockwright {

NameKind kind_of_name(std::string_view name) noexcept {
  if (!name.starts_with(kWhiteoutPrefix)) return NameKind::ordinary;
  if (name == kOpaqueMarker) return NameKind::opaque;
  name.remove_prefix(kWhiteoutPrefix.size());
  if (name.empty() || name == "." || name == "..")
    return NameKind::invalid;
  return name.starts_with(kWhiteoutPrefix) ? NameKind::meta
                                           : NameKind::whiteout;
}

}  // namespace dockwright
