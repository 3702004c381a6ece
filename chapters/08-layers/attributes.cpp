#include "chapters/08-layers/attributes.hpp"

namespace dockwright {

AttributeRule attribute_rule(std::string_view name) noexcept {
  if (name.starts_with("trusted.overlay.") ||
      name.starts_with("user.overlay."))
    return AttributeRule::refuse;
  // security.capability is what file(1) calls the capabilities of a
  // program: `ping` of an image would not work without.
  if (name.starts_with("user.") || name == "security.capability" ||
      name == "system.posix_acl_access" ||
      name == "system.posix_acl_default")
    return AttributeRule::keep;
  return AttributeRule::drop;
}

}  // namespace dockwright
