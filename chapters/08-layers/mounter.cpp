#include "chapters/08-layers/mounter.hpp"

#include <sys/fsuid.h>
#include <sys/prctl.h>

#include "chapters/07-privileges/capabilities.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

/// The call gives back who we were; only asking again tells whether it
/// worked.
void be_for_files(Owner who) {
  const auto user = who.user;
  const auto group = who.group;
  narrate("setfsgid", [&] {
    return explain::Call{fmt::format("setfsgid({})", group)};
  });
  ::setfsgid(group);
  narrate("setfsuid", [&] {
    return explain::Call{fmt::format("setfsuid({})", user)};
  });
  ::setfsuid(user);
  if (static_cast<std::uint32_t>(::setfsgid(kNoId)) != group ||
      static_cast<std::uint32_t>(::setfsuid(kNoId)) != user)
    throw Failure{fmt::format("cannot be user {} for files", user)};
}

/// What the number `inside` is outside; `kNoId` if it is in no row.
std::uint32_t outside_of(const std::vector<IdRange>& map,
                         std::uint32_t inside) noexcept {
  for (const IdRange& row : map)
    if (inside >= row.inside && inside - row.inside < row.count)
      return row.outside + (inside - row.inside);
  return kNoId;
}

}  // namespace

Owner root_outside(const IdMaps& maps) noexcept {
  return {outside_of(maps.users, 0), outside_of(maps.groups, 0)};
}

Mounter::Mounter(const IdMaps& maps) {
  if (maps.way != IdMaps::Way::parent) return;
  because(
      "an overlay works in its layers in the name of who mounts it");
  const CapabilitySet held = held_capabilities();
  changed_ = true;
  be_for_files(root_outside(maps));
  set_capabilities(held);  // another user lost those that are for files
}

Mounter::~Mounter() {
  if (!changed_) return;
  ::setfsuid(0);
  ::setfsgid(0);
  // As for any change of user, our /proc/self was closed to ourselves.
  ignore(::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "we are root anyway");
}

}  // namespace dockwright
