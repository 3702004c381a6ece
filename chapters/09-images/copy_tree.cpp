#include "chapters/09-images/copy_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

constexpr int kDeepest = 256;

std::vector<std::string> names_in(const UniqueFd& directory) {
  const int again = check(::openat(directory.get(), ".",
                                   O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                          "open a directory to list it");
  const std::unique_ptr<DIR, int (*)(DIR*)> list{::fdopendir(again),
                                                 ::closedir};
  std::vector<std::string> names;
  while (const dirent* const entry = ::readdir(list.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

/// Extended attributes; a file system without any is none that had some.
void copy_attributes(const UniqueFd& from, const UniqueFd& to) {
  std::vector<char> list(XATTR_LIST_MAX);
  std::vector<char> value(XATTR_SIZE_MAX);
  const auto size = ::flistxattr(from.get(), list.data(), list.size());
  for (ssize_t at = 0; at < size;) {
    const std::string name{list.data() + at};
    at += static_cast<ssize_t>(name.size()) + 1;
    if (name.starts_with("trusted.overlay.") ||
        name.starts_with("user.overlay."))
      continue;  // overlay's own marks, about that very place
    const auto length = ::fgetxattr(from.get(), name.c_str(),
                                    value.data(), value.size());
    if (length >= 0)
      check(::fsetxattr(to.get(), name.c_str(), value.data(),
                        static_cast<std::size_t>(length), 0),
            "copy the attribute {}", name);
  }
}

/// The number that the disk has for one that is shown.
std::uint32_t on_disk(const std::vector<IdRange>& map,
                      std::uint32_t shown) {
  for (const IdRange& range : map)
    if (shown >= range.outside && shown - range.outside < range.count)
      return range.inside + (shown - range.outside);
  return shown;
}

/// Owner first: a change of it takes set-user-ID and capabilities away.
void copy_status(const struct stat& status, const UniqueFd& from,
                 const UniqueFd& to) {
  check(::fchown(to.get(), status.st_uid, status.st_gid),
        "copy an owner");
  check(::fchmod(to.get(), status.st_mode & 07777U), "copy a mode");
  copy_attributes(from, to);
  const std::array times = {status.st_atim, status.st_mtim};
  check(::futimens(to.get(), times.data()), "copy times");
}

void copy_content(const UniqueFd& from, const UniqueFd& to) {
  constexpr std::size_t kPiece = 1U << 30U;
  for (;;) {
    auto copied = ::copy_file_range(from.get(), nullptr, to.get(),
                                    nullptr, kPiece, 0);
    if (copied == -1)  // two file systems, or one that cannot
      copied = check(::sendfile(to.get(), from.get(), nullptr, kPiece),
                     "copy a file");
    if (copied == 0) return;
  }
}

/// What becomes of what is there, and of owners.
enum class Copy { faithful, over };

class TreeCopy {
 public:
  TreeCopy(const UniqueFd& root, const IdMaps& maps,
           Copy how = Copy::faithful)
      : root_{root}, maps_{maps}, how_{how} {}

  void directory(const UniqueFd& from, const UniqueFd& to, int depth) {
    if (depth > kDeepest)
      throw Failure{fmt::format(
          "a directory is more than {} levels deep", kDeepest)};
    for (const std::string& name : names_in(from))
      entry({from, to, name}, depth);
    struct stat status {};
    check(::fstat(from.get(), &status), "look at a directory");
    unmap(status);
    copy_status(status, from, to);
  }

 private:
  void unmap(struct stat& status) const {
    if (how_ == Copy::over) {
      status.st_uid = ::geteuid();
      status.st_gid = ::getegid();
    }
    if (maps_.way != IdMaps::Way::parent) return;
    status.st_uid = on_disk(maps_.users, status.st_uid);
    status.st_gid = on_disk(maps_.groups, status.st_gid);
  }

  struct Place {
    const UniqueFd& from;
    const UniqueFd& to;
    const std::string& name;
  };

  void entry(const Place& at, int depth) {
    struct stat status {};
    check(::fstatat(at.from.get(), at.name.c_str(), &status,
                    AT_SYMLINK_NOFOLLOW),
          "look at {}", at.name);
    unmap(status);
    const bool stays =
        how_ == Copy::over && !make_room(at, S_ISDIR(status.st_mode));
    if (S_ISDIR(status.st_mode)) {
      if (!stays)
        check(::mkdirat(at.to.get(), at.name.c_str(), 0700),
              "make the directory {}", at.name);
      const std::size_t length = path_.size();
      path_ += at.name + "/";
      directory(open(at.from, at.name, O_RDONLY | O_DIRECTORY),
                open(at.to, at.name, O_RDONLY | O_DIRECTORY),
                depth + 1);
      path_.resize(length);
    } else if (!linked(at, status)) {
      other(at, status);
    }
  }

  /// Removes what has that name; but a directory in whose place one
  /// is to come stays, and the answer is false.
  static bool make_room(const Place& at, bool for_directory) {
    struct stat there {};
    if (::fstatat(at.to.get(), at.name.c_str(), &there,
                  AT_SYMLINK_NOFOLLOW) != 0)
      return true;
    if (for_directory && S_ISDIR(there.st_mode)) return false;
    files::remove_tree(at.to, at.name);
    return true;
  }

  static UniqueFd open(const UniqueFd& directory,
                       const std::string& name, int flags) {
    return UniqueFd{
        check(::openat(directory.get(), name.c_str(),
                       flags | O_NOFOLLOW | O_CLOEXEC, 0600),
              "open {}", name)};
  }

  /// Whether it is another name of a file that was copied before.
  bool linked(const Place& at, const struct stat& status) {
    if (status.st_nlink < 2) return false;
    const auto [known, is_new] = files_.try_emplace(
        {status.st_dev, status.st_ino}, path_ + at.name);
    if (is_new) return false;
    check(::linkat(root_.get(), known->second.c_str(), at.to.get(),
                   at.name.c_str(), 0),
          "link {}", at.name);
    return true;
  }

  static void other(const Place& at, const struct stat& status) {
    if (S_ISREG(status.st_mode)) {
      const UniqueFd from = open(at.from, at.name, O_RDONLY);
      const UniqueFd to =
          open(at.to, at.name, O_WRONLY | O_CREAT | O_EXCL);
      copy_content(from, to);
      copy_status(status, from, to);
      return;
    }
    if (S_ISLNK(status.st_mode)) {
      std::array<char, PATH_MAX> target{};
      check(::readlinkat(at.from.get(), at.name.c_str(), target.data(),
                         target.size() - 1),
            "read the link {}", at.name);
      check(::symlinkat(target.data(), at.to.get(), at.name.c_str()),
            "make the link {}", at.name);
    } else {
      check(::mknodat(at.to.get(), at.name.c_str(), status.st_mode,
                      status.st_rdev),
            "make the device {}", at.name);
    }
    check(::fchownat(at.to.get(), at.name.c_str(), status.st_uid,
                     status.st_gid, AT_SYMLINK_NOFOLLOW),
          "copy the owner of {}", at.name);
  }

  const UniqueFd& root_;  ///< Of the copy.
  const IdMaps& maps_;
  Copy how_;
  std::string path_{};  ///< Where we are below it, with a slash.
  /// Files with several names, and the first of them.
  std::map<std::pair<dev_t, ino_t>, std::string> files_{};
};

}  // namespace

void copy_tree(const UniqueFd& from, const UniqueFd& to,
               const IdMaps& maps) {
  TreeCopy{to, maps}.directory(from, to, 0);
}

void copy_tree_over(const UniqueFd& from, const UniqueFd& to) {
  const IdMaps maps;
  TreeCopy{to, maps, Copy::over}.directory(from, to, 0);
}

void copy_status(const UniqueFd& from, const UniqueFd& to) {
  struct stat status {};
  check(::fstat(from.get(), &status), "look at a directory");
  copy_status(status, from, to);
}

}  // namespace dockwright
