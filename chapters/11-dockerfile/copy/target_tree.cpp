#include "chapters/11-dockerfile/copy/target_tree.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "chapters/11-dockerfile/copy/source_tree.hpp"
#include "common/check.hpp"
#include "common/open_in_root.hpp"

namespace dockwright {

namespace {

constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr int kMostLinks = 40;

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}
std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string behind(const std::string& path, const std::string& target) {
  return target.starts_with('/') ? target
                                 : parent_of(path) + '/' + target;
}

[[noreturn]] void too_many_links(const std::string& path) {
  throw Failure{
      fmt::format("{:.200}: too many levels of symbolic links", path)};
}

}  // namespace

/// Nothing where it is missing; what is there and no directory is an
/// error.
std::optional<UniqueFd> TargetTree::try_open(const std::string& path,
                                             int flags) const {
  try {
    return try_open_in_root(root_, path.empty() ? "/" : path, flags);
  } catch (const SystemCallError& error) {
    if (error.code().value() != ENOTDIR) throw;
    throw Failure{
        fmt::format("cannot copy to non-directory: {}", path)};
  }
}

const UniqueFd& TargetTree::directory(const std::string& path,
                                      const timespec& time) {
  const auto known = known_.find(path);
  if (known != known_.end()) return *known->second;
  const UniqueFd& fd = remember(make(path, time, 0), nullptr);
  known_.emplace(path, &fd);
  return fd;
}

bool TargetTree::is_directory(const std::string& path) const {
  const auto found = try_open(path, O_PATH);
  struct stat status {};
  return found && ::fstat(found->get(), &status) == 0 &&
         S_ISDIR(status.st_mode);
}

/// What was first known of a directory stays: later it has changed.
const UniqueFd& TargetTree::remember(UniqueFd fd,
                                     const timespec* time) {
  struct stat status {};
  check_call("fstat", ::fstat(fd.get(), &status),
             "look at a directory of the image");
  Directory fresh{.fd = std::move(fd),
                  .times = {status.st_atim, status.st_mtim}};
  if (time != nullptr) fresh.times[0] = fresh.times[1] = *time;
  const auto [at, is_new] = touched_.try_emplace(
      {status.st_dev, status.st_ino}, std::move(fresh));
  return at->second.fd;
}

UniqueFd TargetTree::make(const std::string& path, const timespec& time,
                          int links) {
  if (links > kMostLinks) too_many_links(path);
  if (auto there = try_open(path, O_RDONLY | O_DIRECTORY))
    return std::move(*there);
  UniqueFd parent = make(parent_of(path), time, links);
  const std::string name = name_of(path);
  struct stat status {};
  if (::fstatat(parent.get(), name.c_str(), &status,
                AT_SYMLINK_NOFOLLOW) == -1)
    return make_in(parent, path, time);
  // It is there and is not: a link that leads to nothing yet.
  return make(behind(path, read_link(parent, name)), time, links + 1);
}

UniqueFd TargetTree::make_in(const UniqueFd& parent,
                             const std::string& path,
                             const timespec& time) {
  const std::string name = name_of(path);
  struct stat status {};
  UniqueFd again{check_call("openat",
                            ::openat(parent.get(), ".", kOpenDirectory),
                            "open the directory above {:.200}", path)};
  remember(std::move(again), nullptr);
  check_call("mkdirat", ::mkdirat(parent.get(), name.c_str(), 0755),
             "make the directory {:.200}", path);
  UniqueFd made{check_call(
      "openat",
      ::openat(parent.get(), name.c_str(), kOpenDirectory | O_NOFOLLOW),
      "open the directory {:.200}", path)};
  check_call("fstat", ::fstat(made.get(), &status),
             "look at the directory {:.200}", path);
  if (status.st_uid != owner_.user || status.st_gid != owner_.group)
    check_call("fchown",
               ::fchown(made.get(), owner_.user, owner_.group),
               "give {:.200} to user {} and group {}", path,
               owner_.user, owner_.group);
  check_call("fchmod", ::fchmod(made.get(), 0755),
             "set the mode of {:.200}", path);
  UniqueFd kept{check_call("fcntl",
                           ::fcntl(made.get(), F_DUPFD_CLOEXEC, 0),
                           "keep the directory {:.200}", path)};
  remember(std::move(kept), &time);
  return made;
}

std::string TargetTree::real_place(std::string path) const {
  for (int links = 0; links <= kMostLinks; ++links) {
    const auto parent = try_open(parent_of(path), O_PATH | O_DIRECTORY);
    if (!parent) return path;
    struct stat status {};
    if (::fstatat(parent->get(), name_of(path).c_str(), &status,
                  AT_SYMLINK_NOFOLLOW) == -1 ||
        !S_ISLNK(status.st_mode) || links_ == ImageLinks::replace)
      return path;
    path = behind(path, read_link(*parent, name_of(path)));
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  }
  too_many_links(path);
}

void TargetTree::finish() {
  for (const auto& [number, directory] : touched_)
    check_call("utimensat",
               ::futimens(directory.fd.get(), directory.times),
               "set the times of a directory of the image");
  touched_.clear();
  known_.clear();
}

}  // namespace dockwright
