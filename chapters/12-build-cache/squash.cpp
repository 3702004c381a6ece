#include "chapters/12-build-cache/squash.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "chapters/08-layers/layer_apply.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr int kDeepest = 512;

std::optional<UniqueFd> try_enter(const UniqueFd& parent,
                                  const std::string& name) {
  const int file = ::openat(
      parent.get(), name.c_str(),
      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file == -1 &&
      (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
    return std::nullopt;
  return UniqueFd{check_call("openat", file, "enter {:.200}", name)};
}

bool is_opaque(const UniqueFd& directory, Whiteouts whiteouts) {
  char value = 0;
  return ::fgetxattr(directory.get(), opaque_attribute(whiteouts),
                     &value, 1) == 1 &&
         value == 'y';
}

/// Takes away from `root` what a layer hides; both are directories of
/// one name.
void remove_hidden(const UniqueFd& layer, const UniqueFd& root,
                   Whiteouts whiteouts, int depth = 0) {
  if (depth > kDeepest)
    throw Failure{"a layer is too deep to be squashed"};
  if (is_opaque(layer, whiteouts))
    for (const std::string& name : files::names_in(root))
      files::remove_tree(root, name);
  for (const std::string& name : files::names_in(layer)) {
    struct stat status {};
    check_call("fstatat",
               ::fstatat(layer.get(), name.c_str(), &status,
                         AT_SYMLINK_NOFOLLOW),
               "look at {:.200}", name);
    if (is_whiteout(status)) files::remove_tree(root, name);
    if (!S_ISDIR(status.st_mode)) continue;
    const auto below = try_enter(layer, name);
    const auto there = try_enter(root, name);
    if (below && there)
      remove_hidden(*below, *there, whiteouts, depth + 1);
  }
}

/// A layer's own files, over whatever is there.
void add_files(const Store& store, const Descriptor& blob,
               const UniqueFd& root) {
  const Root of = root_of();
  static_cast<void>(apply_layer(
      std::make_unique<FileSource>(store.open_blob(blob)), root,
      {.whiteouts = of == Root::of_machine ? Whiteouts::trusted
                                           : Whiteouts::user,
       .owners = of != Root::of_one,
       .layer = false,
       .pass_over_whiteouts = true}));
}

ImageState base_of(const BuildRoom& room, const ImageState& state) {
  if (!state.base)
    return {.config = {.platform = state.config.platform}};
  return state_of(
      load_image(room.store, *state.base, state.config.platform));
}

/// The steps are still told, and the last line is that of the layer.
void tell_of_merge(ImageConfig& config, std::size_t kept,
                   std::size_t merged) {
  std::size_t layer = 0;
  for (History& step : config.history)
    if (!step.empty_layer && layer++ >= kept) step.empty_layer = true;
  config.history.push_back(
      {.created = config.created,
       .created_by = fmt::format("merge of {} layers", merged),
       .comment = "--squash"});
}

ImageState squash(const BuildRoom& room, ImageState state) {
  const ImageState base = base_of(room, state);
  const std::size_t kept = base.layers.size();
  const std::size_t all = state.layers.size();
  if (all < kept + 2) return state;
  const BuiltLayer merged =
      file_step(room, base, [&](const UniqueFd& root) {
        const Whiteouts whiteouts = root_of() == Root::of_machine
                                        ? Whiteouts::trusted
                                        : Whiteouts::user;
        for (std::size_t i = kept; i < all; ++i) {
          remove_hidden(unpacked_layer(room.store, state.layers[i],
                                       state.config.diff_ids[i]),
                        root, whiteouts);
          add_files(room.store, state.layers[i], root);
        }
      });
  const auto place = static_cast<std::ptrdiff_t>(kept);
  state.layers.erase(state.layers.begin() + place, state.layers.end());
  state.config.diff_ids.erase(state.config.diff_ids.begin() + place,
                              state.config.diff_ids.end());
  state.layers.push_back(merged.blob);
  state.config.diff_ids.push_back(merged.diff_id);
  tell_of_merge(state.config, kept, all - kept);
  return state;
}

}  // namespace

ImageState squashed(const BuildRoom& room, ImageState state,
                    BuildEvents& events, StepId step) {
  events.started(step, "squashing the layers");
  try {
    ImageState one = squash(room, std::move(state));
    events.finished(step);
    return one;
  } catch (const std::exception& error) {
    events.failed(step, error.what());
    throw;
  }
}

}  // namespace dockwright
