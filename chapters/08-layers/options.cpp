#include "chapters/08-layers/options.hpp"

#include "common/check.hpp"

namespace dockwright {

namespace {

/// `DIR:O` is the directory and the wish for an overlay; a directory
/// whose own name ends like that is written `DIR:O/`, or `DIR:O:O`.
void parse_rootfs(Spec& spec, const std::string& text) {
  constexpr std::string_view kOverlay = ":O";
  if (!spec.rootfs.empty())
    throw Failure{
        "--rootfs is given twice: more directories over it are "
        "--layer DIR"};
  spec.rootfs = text;
  if (!text.ends_with(kOverlay)) return;
  spec.rootfs.resize(text.size() - kOverlay.size());
  spec.overlay = true;
  if (spec.rootfs.empty())
    throw Failure{
        fmt::format("--rootfs {}: a directory is missing before "
                    "{}",
                    text, kOverlay)};
}

}  // namespace

void layered_rootfs_options(cli::Options& options, Spec& spec) {
  options.each(
      "--rootfs",
      [&spec](const std::string& text) { parse_rootfs(spec, text); },
      "DIR[:O]",
      "The directory that the container takes for its root; with :O "
      "it is only read");
}

void layer_options(cli::Options& options, Spec& spec) {
  options.each(
      "--layer",
      [&spec](const std::string& path) {
        if (path.empty()) throw Failure{"--layer is an empty word"};
        spec.layers.push_back(path);
        spec.overlay = true;
      },
      "DIR",
      "A layer over the root, the lowest first; it is only read");
  options.each(
      "--upper",
      [&spec](const std::string& path) {
        if (path.empty()) throw Failure{"--upper is an empty word"};
        spec.upper = path;
        spec.overlay = true;
      },
      "DIR", "Keep what the container changes, in DIR/diff");
}

}  // namespace dockwright
