#include "chapters/08-layers/layer_tree.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>

#include "chapters/08-layers/remove_tree.hpp"
#include "common/check.hpp"
#include "common/open_in_root.hpp"

namespace dockwright {

namespace {

constexpr int kDirectory =
    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr mode_t kRights = 07777;
constexpr mode_t kImplied = 0755;  ///< Of what no entry describes.

}  // namespace

std::vector<std::string> components_of(std::string_view name) {
  std::vector<std::string> parts;
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.emplace_back(part);
    } else if (parts.empty()) {
      throw Failure{fmt::format(
          "the archive has an entry that leaves the root: {:?}", name)};
    } else {
      parts.pop_back();
    }
  }
  return parts;
}

LayerTree::LayerTree(const UniqueFd& root, const ArchiveLimits& limits,
                     std::optional<Whiteouts> whiteouts,
                     LayerStory& story)
    : root_{root},
      limits_{limits},
      whiteouts_{whiteouts},
      story_{story} {
  push(UniqueFd{check_call("openat",
                           ::openat(root.get(), ".", kDirectory),
                           "open the layer's root")},
       "");
}

std::string LayerTree::path_to(std::string_view name) const {
  std::string path;
  for (const OpenDirectory& directory : open_)
    if (!directory.name.empty()) path += directory.name + '/';
  return path.append(name);
}

/// As check_call, but the path is only put together when it is told.
void LayerTree::expect(std::string_view call, int result,
                       std::string_view attempt,
                       std::string_view name) const {
  if (result != -1) [[likely]]
    return;
  const int error = errno;
  throw SystemCallError{
      call, error, fmt::format("{} {:.200}", attempt, path_to(name))};
}

OpenDirectory& LayerTree::push(UniqueFd fd, std::string name) {
  struct stat status {};
  expect("fstat", ::fstat(fd.get(), &status), "look at", name);
  const mode_t mode = status.st_mode & kRights;
  if ((mode & S_IRWXU) != S_IRWXU && ::geteuid() != 0)
    expect("fchmod", ::fchmod(fd.get(), mode | S_IRWXU),
           "for a while, make writable", name);
  return open_.emplace_back(
      OpenDirectory{.name = std::move(name),
                    .fd = std::move(fd),
                    .mode = mode,
                    .group = status.st_gid,
                    .times = {status.st_atim, status.st_mtim}});
}

void LayerTree::leave(std::size_t depth) {
  while (open_.size() > std::max<std::size_t>(depth, 1) ||
         (depth == 0 && !open_.empty())) {
    const OpenDirectory& last = open_.back();
    expect("fchmod", ::fchmod(last.fd.get(), last.mode),
           "set the mode of", "");
    expect("utimensat", ::futimens(last.fd.get(), last.times),
           "set the times of", "");
    open_.pop_back();
  }
}

OpenDirectory& LayerTree::enter(const std::vector<std::string>& path,
                                std::size_t count) {
  if (path.size() > limits_.path_depth)
    exceed_limit(&ArchiveLimits::path_depth, limits_,
                 fmt::format("{:.100}… has components",
                             fmt::format("{}", fmt::join(path, "/"))));
  std::size_t same = 0;
  while (!stale_ && same < count && same + 1 < open_.size() &&
         open_[same + 1].name == path[same])
    ++same;
  stale_ = false;
  leave(same + 1);
  while (same < count) step(path[same++]);
  return open_.back();
}

//! [step]
OpenDirectory& LayerTree::step(const std::string& name) {
  const UniqueFd& here = open_.back().fd;
  if (UniqueFd fd{::openat(here.get(), name.c_str(), kDirectory)}; fd)
    return push(std::move(fd), name);
  if (errno == ENOENT) return push_new(name);
  //! [step]
  const int error = errno;
  struct stat status {};
  check_call(
      "newfstatat",
      ::fstatat(here.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW),
      "look at {}", path_to(name));
  //! [ex8.3]
  if (S_ISLNK(status.st_mode))
    return push(
        open_in_root(root_, path_to(name), O_RDONLY | O_DIRECTORY),
        name);
  //! [ex8.3]
  if (is_whiteout(status)) return make_directory(name);
  throw SystemCallError{"openat", error,
                        fmt::format("enter {}", path_to(name))};
}

OpenDirectory& LayerTree::push_new(std::string name) {
  const UniqueFd& here = open_.back().fd;
  expect("mkdirat", ::mkdirat(here.get(), name.c_str(), kImplied),
         "make the directory", name);
  UniqueFd fd{::openat(here.get(), name.c_str(), kDirectory)};
  expect("openat", fd.get(), "open", name);
  return push(std::move(fd), std::move(name));
}

OpenDirectory& LayerTree::make_directory(const std::string& name) {
  const UniqueFd& here = open_.back().fd;
  if (UniqueFd fd{::openat(here.get(), name.c_str(), kDirectory)}; fd)
    return push(std::move(fd), name);
  if (errno == ENOENT) return push_new(name);
  if (errno != ENOTDIR && errno != ELOOP)
    expect("openat", -1, "enter", name);
  // What was there hid whatever lies below, and so does the directory
  // that takes its place.
  remove_tree(here, name);
  forget();
  OpenDirectory& made = push_new(name);
  make_opaque(made);
  return made;
}

void LayerTree::make_opaque(const OpenDirectory& directory) {
  if (!whiteouts_) return;
  story_.opaque(directory.fd.get());
  const char* const attribute = opaque_attribute(*whiteouts_);
  expect("fsetxattr",
         ::fsetxattr(directory.fd.get(), attribute, "y", 1, 0),
         "make opaque the directory", "");
}

}  // namespace dockwright
