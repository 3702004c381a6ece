#include "chapters/08-layers/layered_root.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

#include <algorithm>
#include <optional>

#include "chapters/06-users/user_namespace.hpp"
#include "chapters/08-layers/mounter.hpp"
#include "chapters/08-layers/overlay_refused.hpp"
#include "chapters/08-layers/upper.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"
#include "common/sys_file.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

/// A piece of memory, attached where only we see it: over `/`, below
/// which nobody looks. It must be off again before a container starts:
/// pivot_into takes one mount off its new root, the host's, and with
/// this one on top it would take off this one.
class Memory {
 public:
  Memory() {
    because("a place that nobody sees, and that is gone by itself");
    place_ = {sys::make_filesystem(
                  {.type = "tmpfs", .options = {{"mode", "0700"}}}),
              kInMemory};
    sys::attach_mount(place_.directory,
                      sys::open("/", O_PATH | O_DIRECTORY), "/");
  }
  [[nodiscard]] const Layer& place() const noexcept { return place_; }
  /// An overlay that is made keeps what it needs of it.
  void take_off() const {
    because("where / is covered, the old root cannot be left behind");
    sys::detach_mount(place_.directory, "/");
  }

 private:
  Layer place_;
};

/// A descriptor more for the same directory.
Layer again(const Layer& layer) {
  return {
      UniqueFd{check(::fcntl(layer.directory.get(), F_DUPFD_CLOEXEC, 3),
                     "open {} again", layer.name)},
      layer.name};
}

/// With a user namespace for the container the files of each layer must
/// belong to somebody in it. An overlay cannot be mapped, but what it
/// is made of can be (Linux 5.19): detached copies, mapped by the
/// numbers of a process that has no other purpose.
void map_owners(std::vector<Layer>& layers, const IdMaps& maps) {
  std::vector<Volume> copies;
  for (const Layer& layer : layers)
    copies.push_back({.mount = sys::clone_mount(
                          layer.directory, sys::Depth::one, layer.name),
                      .spec = {.source = layer.name}});
  ContainerMaps numbers{maps};
  Process somebody =
      spawn({.namespaces = numbers.clone_flag(), .speaker = "a helper"},
            [&] { numbers.await(); });
  numbers.apply(somebody, UniqueFd{}, copies);
  somebody.expect_started();
  ignore(somebody.wait(), "it has nothing more to do");
  for (std::size_t i = 0; i < layers.size(); ++i)
    layers[i].directory = std::move(copies[i].mount);
}

UniqueFd mounted(const Overlay& overlay, const OverlayOptions& options,
                 bool mapped) {
  try {
    return mount_overlay(overlay, options);
  } catch (const SystemCallError& error) {
    if (!mapped || error.code().value() != EINVAL) throw;
    std::throw_with_nested(Failure{
        "this kernel makes no overlay of layers whose owners are "
        "mapped",
        Advice{.cause = "overlay can do that since Linux 5.19",
               .cure =
                   "leave out --userns and --uidmap, or use a newer "
                   "kernel",
               .chapter = 8,
               .anchor = "ch08-owners"}});
  }
}

/// Mounts that are attached nowhere make no overlay before Linux 6.15.
void attach_in(const Layer& place, const std::vector<Layer>& layers) {
  because("what an overlay is made of must be in a table of mounts");
  for (const Layer& layer : layers) {
    const std::string name = std::to_string(layer.directory.get());
    sys::mkdirat(place.directory, name, 0700);
    sys::attach_mount_at(layer.directory, place.directory, name);
  }
}

}  // namespace

void take_own_mounts(const Spec& spec) {
  if (!spec.overlay) return;
  because("what we mount from here on nobody else is to see");
  sys::unshare(CLONE_NEWNS);
  // Not private: a disk that the host unmounts must not stay with us.
  sys::change_mount(
      sys::open("/", O_PATH | O_DIRECTORY),
      {.propagation = MS_SLAVE, .depth = sys::Depth::recursive}, "/");
}

UniqueFd layered_root(std::vector<Layer> layers, const Layer& upper,
                      const IdMaps& maps, Keep keep) {
  const bool mapped = maps.way == IdMaps::Way::parent;
  const bool stays = static_cast<bool>(upper.directory);
  Access access = access_of(layers.back());
  if (stays) {
    expect_apart(upper, layers);
    make_workshop(upper, access);
    layers.push_back(again(upper));
  }
  if (mapped) map_owners(layers, maps);
  std::optional<Memory> memory;
  if (mapped || !stays) memory.emplace();
  if (mapped) attach_in(memory->place(), layers);
  if (!stays) {
    if (mapped) access.owner = root_outside(maps);
    make_workshop(memory->place(), access);
    layers.push_back(again(memory->place()));
  }
  Workshop workshop = open_workshop(layers.back());
  const bool trusted = keeps_trusted_marks(workshop.diff);
  layers.pop_back();
  std::reverse(layers.begin(), layers.end());
  const Mounter mounter{maps};
  UniqueFd root = mounted(
      {.lower = std::move(layers),
       .upper = std::move(workshop.diff),
       .work = std::move(workshop.work)},
      {.user_xattrs = !trusted, .fleeting = keep == Keep::no}, mapped);
  if (memory) memory->take_off();
  return root;
}

}  // namespace dockwright
