#include "chapters/11-dockerfile/copy/target_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "chapters/08-layers/whiteouts.hpp"
#include "chapters/09-images/user_root.hpp"
#include "chapters/11-dockerfile/copy/file_copy.hpp"
#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

constexpr mode_t kRights = 07777;
constexpr mode_t kPermissions = 0777;

std::array<timespec, 2> times_of(const struct stat& status) {
  return {status.st_atim, status.st_mtim};
}

/// Such a name would hide another file, once it is in a layer.
void refuse_whiteout(const std::string& name, const std::string& path) {
  if (kind_of_name(name) == NameKind::ordinary) return;
  throw Failure{
      fmt::format("{:.200} cannot be in an image: names that begin "
                  "with .wh. say in "
                  "a layer that something is gone",
                  path)};
}

}  // namespace

CopyRules rules_here() {
  const Root root = root_of();
  return {.gives_away = root != Root::of_one,
          .makes_devices = root == Root::of_machine};
}

Owner owner_of(const CopyItem& item, const CopyRules& rules,
               const struct stat& status) {
  if (!rules.gives_away) return {::geteuid(), ::getegid()};
  if (rules.owner) return *rules.owner;
  if (item.tree.owners == Ownership::root) return {};
  return {status.st_uid, status.st_gid};
}

mode_t mode_of(const CopyRules& rules, const struct stat& status) {
  if (!rules.mode) return status.st_mode & kRights;
  return rules.mode->apply(status.st_mode, S_ISDIR(status.st_mode));
}

/// Most files are made as they are to be, and need no call for it.
/// Owner first: a change of it takes set-user-ID away.
void set_rights(const UniqueFd& made, const Owner& owner, mode_t mode,
                const std::string& path) {
  struct stat now {};
  check_call("fstat", ::fstat(made.get(), &now), "look at {:.200}",
             path);
  const bool owned =
      now.st_uid == owner.user && now.st_gid == owner.group;
  if (!owned)
    check_call("fchown", ::fchown(made.get(), owner.user, owner.group),
               "give {:.200} to user {} and group {}", path, owner.user,
               owner.group);
  if (!owned || (now.st_mode & kRights) != mode)
    check_call("fchmod", ::fchmod(made.get(), mode),
               "set the mode of {:.200}", path);
}

TargetWriter::TargetWriter(const CopyItem& item, const CopyRules& rules,
                           const UniqueFd& top, std::string name)
    : item_{item}, rules_{rules}, top_{top}, name_{std::move(name)} {}

/// Makes it; a file or link in the way is removed first.
template <typename Make>
int TargetWriter::make_new(const Place& place, const Make& make) const {
  refuse_whiteout(place.name, place.path);
  const int made = make();
  if (made != -1 || errno != EEXIST) return made;
  struct stat status {};
  if (::fstatat(place.directory.get(), place.name.c_str(), &status,
                AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISDIR(status.st_mode)) {
    if (!rules_.replace)
      throw Failure{fmt::format(
          "cannot replace to directory {} with file", place.path)};
    files::remove_tree(place.directory, place.name);
  } else {
    check_call("unlinkat",
               ::unlinkat(place.directory.get(), place.name.c_str(), 0),
               "remove the old {:.200}", place.path);
  }
  return make();
}

UniqueFd TargetWriter::new_file(const Place& place, mode_t mode) const {
  constexpr int kNew =
      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  return UniqueFd{check_call("openat",
                             make_new(place,
                                      [&] {
                                        return ::openat(
                                            place.directory.get(),
                                            place.name.c_str(), kNew,
                                            mode & kPermissions);
                                      }),
                             "make the file {:.200}", place.path)};
}

void TargetWriter::enter(const TreeEntry& entry,
                         const UniqueFd& opened) {
  static_cast<void>(opened);
  if (entry.path.empty()) return;  // it is `top_`, and stays as it is
  const UniqueFd& parent = open_.empty() ? top_ : open_.back();
  const char* const name = entry.name.c_str();
  refuse_whiteout(entry.name, entry.path);
  if (::mkdirat(parent.get(), name, S_IRWXU) == -1 && errno != EEXIST)
    check_call("mkdirat", -1, "make the directory {:.200}", entry.path);
  UniqueFd made{
      ::openat(parent.get(), name,
               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (!made && (errno == ENOTDIR || errno == ELOOP)) {
    if (!rules_.replace)
      throw Failure{
          fmt::format("cannot copy to non-directory: {}", entry.path)};
    check_call("unlinkat", ::unlinkat(parent.get(), name, 0),
               "remove the old {:.200}", entry.path);
    check_call("mkdirat", ::mkdirat(parent.get(), name, S_IRWXU),
               "make the directory {:.200}", entry.path);
    made.reset(
        ::openat(parent.get(), name,
                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  check_call("openat", made.get(), "open the directory {:.200}",
             entry.path);
  open_.push_back(std::move(made));
}

/// When nothing more is put into it, a directory gets what it is to
/// have.
void TargetWriter::leave(const TreeEntry& entry,
                         const UniqueFd& opened) {
  if (entry.path.empty()) return;
  const UniqueFd& made = open_.back();
  struct stat status {};
  check_call("fstat", ::fstat(opened.get(), &status), "look at {:.200}",
             entry.path);
  set_rights(made, owner_of(item_, rules_, status),
             mode_of(rules_, status), entry.path);
  copy_attributes(opened, made, entry.path);
  check_call("utimensat",
             ::futimens(made.get(), times_of(status).data()),
             "set the times of {:.200}", entry.path);
  open_.pop_back();
}

void TargetWriter::visit(const TreeEntry& entry) {
  const bool alone = entry.path.empty();
  const Place place{open_.empty() ? top_ : open_.back(),
                    alone ? name_ : entry.name,
                    alone ? name_ : entry.path};
  if (linked(place, entry.status)) return;
  if (S_ISREG(entry.status.st_mode)) return file(place, entry);
  if (S_ISLNK(entry.status.st_mode)) return link(place, entry);
  node(place, entry.status);
}

/// Whether it is another name of a file that was copied before.
bool TargetWriter::linked(const Place& place,
                          const struct stat& status) {
  if (status.st_nlink < 2) return false;
  const auto known = files_.find({status.st_dev, status.st_ino});
  if (known == files_.end()) {
    files_[{status.st_dev, status.st_ino}] = {
        UniqueFd{check_call(
            "fcntl", ::fcntl(place.directory.get(), F_DUPFD_CLOEXEC, 0),
            "remember where {:.200} is", place.path)},
        place.name};
    return false;
  }
  check_call("linkat",
             make_new(place,
                      [&] {
                        return ::linkat(known->second.directory.get(),
                                        known->second.name.c_str(),
                                        place.directory.get(),
                                        place.name.c_str(), 0);
                      }),
             "link {:.200}", place.path);
  return true;
}

void TargetWriter::file(const Place& place,
                        const TreeEntry& entry) const {
  // It may be something else by now: without O_NONBLOCK a named pipe
  // would keep us waiting for ever.
  const UniqueFd from{check_call(
      "openat",
      ::openat(entry.directory.get(), entry.name.c_str(),
               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
      "open {:.200}", place.path)};
  struct stat status {};
  check_call("fstat", ::fstat(from.get(), &status), "look at {:.200}",
             place.path);
  if (!S_ISREG(status.st_mode))
    throw Failure{fmt::format("{:.200} was a file and is none any more",
                              place.path)};
  const UniqueFd made = new_file(place, mode_of(rules_, status));
  copy_bytes(from, made, status, place.path);
  set_rights(made, owner_of(item_, rules_, status),
             mode_of(rules_, status), place.path);
  copy_attributes(from, made, place.path);
  check_call("utimensat",
             ::futimens(made.get(), times_of(status).data()),
             "set the times of {:.200}", place.path);
}

void TargetWriter::link(const Place& place,
                        const TreeEntry& entry) const {
  const std::string target = read_link(entry.directory, entry.name);
  check_call("symlinkat",
             make_new(place,
                      [&] {
                        return ::symlinkat(target.c_str(),
                                           place.directory.get(),
                                           place.name.c_str());
                      }),
             "make the link {:.200}", place.path);
  finish_other(place, entry.status);
}

void TargetWriter::node(const Place& place,
                        const struct stat& status) const {
  if (is_whiteout(status) ||
      (!rules_.makes_devices && !S_ISFIFO(status.st_mode)))
    return;
  check_call(
      "mknodat",
      make_new(place,
               [&] {
                 return ::mknodat(
                     place.directory.get(), place.name.c_str(),
                     (status.st_mode & S_IFMT) |
                         (mode_of(rules_, status) & kPermissions),
                     status.st_rdev);
               }),
      "make the node {:.200}", place.path);
  finish_other(place, status);
}

void TargetWriter::finish_other(const Place& place,
                                const struct stat& status) const {
  const Owner owner = owner_of(item_, rules_, status);
  check_call("fchownat",
             ::fchownat(place.directory.get(), place.name.c_str(),
                        owner.user, owner.group, AT_SYMLINK_NOFOLLOW),
             "give {:.200} to user {} and group {}", place.path,
             owner.user, owner.group);
  check_call("utimensat",
             ::utimensat(place.directory.get(), place.name.c_str(),
                         times_of(status).data(), AT_SYMLINK_NOFOLLOW),
             "set the times of {:.200}", place.path);
}

void TargetWriter::write_inline(Seconds time) {
  const Place place{top_, name_, name_};
  const Owner owner = owner_of(item_, rules_, {});
  const mode_t mode =
      rules_.mode ? rules_.mode->apply(0644, false) : mode_t{0644};
  const UniqueFd made = new_file(place, mode);
  files::write_all(made, item_.body, name_);
  set_rights(made, owner, mode, name_);
  const std::array times = {timespec{time, 0}, timespec{time, 0}};
  check_call("utimensat", ::futimens(made.get(), times.data()),
             "set the times of {:.200}", name_);
}

}  // namespace dockwright
