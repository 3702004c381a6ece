#include "chapters/08-layers/layer_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "chapters/08-layers/attributes.hpp"
#include "chapters/08-layers/remove_tree.hpp"
#include "common/check.hpp"
#include "common/open_in_root.hpp"

namespace dockwright {

namespace {

using Kind = ArchiveEntry::Kind;

constexpr mode_t kPermissions = 0777;

std::array<timespec, 2> times_of(const ArchiveEntry& entry) {
  return {entry.access_time, entry.change_time};
}

}  // namespace

LayerWriter::LayerWriter(const UniqueFd& root, ArchiveReader& from,
                         const ApplyOptions& options)
    : root_{root},
      from_{from},
      options_{options},
      story_{options.whiteouts},
      tree_{root, options.limits,
            options.layer ? std::optional{options.whiteouts}
                          : std::nullopt,
            story_},
      our_user_{::geteuid()},
      our_group_{::getegid()} {}

//! [write]
void LayerWriter::write(const ArchiveEntry& entry) {
  const auto path = components_of(entry.name);
  if (path.empty()) return write_root(entry);
  if (write_whiteout(entry, path)) return;
  const Place place{tree_.enter(path, path.size() - 1), path.back()};
  switch (entry.kind) {
    case Kind::file:
      return write_file(entry, place);
    case Kind::directory:
      return write_directory(entry, place);
    case Kind::symlink:
      return write_link(entry, place);
    case Kind::hard_link:
      return write_hard_link(entry, place);
    case Kind::character:
      if (entry.device == 0) return hide(place);
      return write_node(entry, place);
    case Kind::fifo:
    case Kind::block:
      return write_node(entry, place);
  }
}
//! [write]

//! [make_new]
/// Makes it; if something is in the way, removes that and tries again.
template <typename Make>
int LayerWriter::make_new(const Place& place, const Make& make) {
  const int made = make();
  if (made != -1 || errno != EEXIST) return made;
  remove_tree(place.directory.fd, place.name);
  tree_.forget();
  return make();
}
//! [make_new]

/// A new file belongs to us, and to our group or, in a directory with
/// the set-group-ID bit, to that of the directory.
bool LayerWriter::needs_owner(const ArchiveEntry& entry,
                              const OpenDirectory& parent) const {
  if (!options_.owners) return false;
  return entry.user != our_user_ || entry.group != our_group_ ||
         parent.group != our_group_;
}

void LayerWriter::write_file(const ArchiveEntry& entry,
                             const Place& place) {
  check_limit(entry.size, &ArchiveLimits::file_bytes, options_.limits,
              "a file of the archive has");
  constexpr int kNew =
      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const UniqueFd file{
      check_call("openat",
                 make_new(place,
                          [&] {
                            return ::openat(place.directory.fd.get(),
                                            place.name.c_str(), kNew,
                                            entry.mode & kPermissions);
                          }),
                 "make the file {:.200}", entry.name)};
  write_contents(entry, file);
  const bool owner = needs_owner(entry, place.directory);
  if (owner)
    check_call("fchown", ::fchown(file.get(), entry.user, entry.group),
               "give {:.200} to user {} and group {}", entry.name,
               entry.user, entry.group);
  if (owner || (entry.mode & ~kPermissions) != 0)
    check_call("fchmod", ::fchmod(file.get(), entry.mode),
               "set the mode of {:.200}", entry.name);
  set_attributes(entry, file);
  check_call("utimensat",
             ::futimens(file.get(), times_of(entry).data()),
             "set the times of {:.200}", entry.name);
}

/// What no extent covers stays a hole.
void LayerWriter::write_contents(const ArchiveEntry& entry,
                                 const UniqueFd& file) {
  std::uint64_t end = 0;
  while (auto extent = from_.extent()) {
    while (!extent->bytes.empty()) {
      const auto size = check_call(
          "pwrite64", retry([&] {
            return ::pwrite(file.get(), extent->bytes.data(),
                            extent->bytes.size(), extent->offset);
          }),
          "write {:.200}", entry.name);
      extent->bytes.remove_prefix(static_cast<std::size_t>(size));
      extent->offset += size;
    }
    end = std::max(end, static_cast<std::uint64_t>(extent->offset));
  }
  if (end < entry.size)
    check_call("ftruncate",
               ::ftruncate(file.get(), static_cast<off_t>(entry.size)),
               "set the size of {:.200}", entry.name);
  content_bytes_ += std::max(end, entry.size);
  check_limit(content_bytes_, &ArchiveLimits::bytes, options_.limits,
              "the files of the archive have");
}

void LayerWriter::set_attributes(const ArchiveEntry& entry,
                                 const UniqueFd& file) {
  for (const auto& [name, value] : entry.attributes) {
    const AttributeRule rule = attribute_rule(name);
    if (rule == AttributeRule::drop) continue;
    if (rule == AttributeRule::refuse)
      throw Failure{
          fmt::format("the archive has the attribute {:.200} on "
                      "{:.200}, by which it would "
                      "talk to our overlay",
                      name, entry.name)};
    check_call("fsetxattr",
               ::fsetxattr(file.get(), name.c_str(), value.data(),
                           value.size(), 0),
               "set the attribute {} of {:.200}", name, entry.name);
  }
}

void LayerWriter::write_root(const ArchiveEntry& entry) {
  if (entry.kind != Kind::directory)
    throw Failure{
        fmt::format("the archive would replace the layer's root by "
                    "something else ({:.200})",
                    entry.name)};
  describe_directory(entry, tree_.enter({}, 0));
}

void LayerWriter::write_directory(const ArchiveEntry& entry,
                                  const Place& place) {
  describe_directory(entry, tree_.make_directory(place.name));
}

void LayerWriter::describe_directory(const ArchiveEntry& entry,
                                     OpenDirectory& directory) {
  if (options_.owners) {
    check_call("fchown",
               ::fchown(directory.fd.get(), entry.user, entry.group),
               "give {:.200} to user {} and group {}", entry.name,
               entry.user, entry.group);
    directory.group = entry.group;
  }
  set_attributes(entry, directory.fd);
  directory.mode = entry.mode;
  directory.times[0] = entry.access_time;
  directory.times[1] = entry.change_time;
}

void LayerWriter::write_link(const ArchiveEntry& entry,
                             const Place& place) {
  const int parent = place.directory.fd.get();
  const char* const name = place.name.c_str();
  check_call("symlinkat",
             make_new(place,
                      [&] {
                        return ::symlinkat(entry.link.c_str(), parent,
                                           name);
                      }),
             "make the link {:.200}", entry.name);
  if (needs_owner(entry, place.directory))
    check_call("fchownat",
               ::fchownat(parent, name, entry.user, entry.group,
                          AT_SYMLINK_NOFOLLOW),
               "give {:.200} to user {} and group {}", entry.name,
               entry.user, entry.group);
  check_call("utimensat",
             ::utimensat(parent, name, times_of(entry).data(),
                         AT_SYMLINK_NOFOLLOW),
             "set the times of {:.200}", entry.name);
}

/// The other name must be of this layer, and is not followed if it is a
/// symbolic link. Rights and times are those of the file that it names.
void LayerWriter::write_hard_link(const ArchiveEntry& entry,
                                  const Place& place) {
  auto target = components_of(entry.link);
  if (target.empty())
    throw Failure{fmt::format(
        "{:.200} is a hard link to the layer's root", entry.name)};
  const std::string last = std::move(target.back());
  target.pop_back();
  const UniqueFd parent =
      open_in_root(root_, fmt::format("./{}", fmt::join(target, "/")),
                   O_PATH | O_DIRECTORY);
  struct stat status {};
  check_call("newfstatat",
             ::fstatat(parent.get(), last.c_str(), &status,
                       AT_SYMLINK_NOFOLLOW),
             "link {:.200} to {:.200}, which is to be in this layer",
             entry.name, entry.link);
  if (is_whiteout(status))
    throw Failure{
        fmt::format("{:.200} is a hard link to {}, which this "
                    "layer hides",
                    entry.name, entry.link)};
  struct stat there {};
  if (::fstatat(place.directory.fd.get(), place.name.c_str(), &there,
                AT_SYMLINK_NOFOLLOW) == 0 &&
      there.st_ino == status.st_ino && there.st_dev == status.st_dev)
    return;  // it is that file already
  check_call("linkat",
             make_new(place,
                      [&] {
                        return ::linkat(parent.get(), last.c_str(),
                                        place.directory.fd.get(),
                                        place.name.c_str(), 0);
                      }),
             "link {:.200} to {:.200}", entry.name, entry.link);
}

/// In a user namespace nobody may make a device that works. Podman
/// passes over them there, and so do we: a container gets its devices
/// from the engine, not from its image.
void LayerWriter::write_node(const ArchiveEntry& entry,
                             const Place& place) {
  if (entry.kind != Kind::fifo && options_.whiteouts == Whiteouts::user)
    return;
  const mode_t type = entry.kind == Kind::fifo        ? S_IFIFO
                      : entry.kind == Kind::character ? S_IFCHR
                                                      : S_IFBLK;
  const int parent = place.directory.fd.get();
  const char* const name = place.name.c_str();
  check_call("mknodat",
             make_new(place,
                      [&] {
                        return ::mknodat(
                            parent, name,
                            type | (entry.mode & kPermissions),
                            entry.device);
                      }),
             "make the node {:.200}", entry.name);
  if (needs_owner(entry, place.directory))
    check_call("fchownat",
               ::fchownat(parent, name, entry.user, entry.group,
                          AT_SYMLINK_NOFOLLOW),
               "give {:.200} to user {} and group {}", entry.name,
               entry.user, entry.group);
  check_call("utimensat",
             ::utimensat(parent, name, times_of(entry).data(),
                         AT_SYMLINK_NOFOLLOW),
             "set the times of {:.200}", entry.name);
}

/// True when the entry's name is a whiteout's, and all is done.
bool LayerWriter::write_whiteout(const ArchiveEntry& entry,
                                 const std::vector<std::string>& path) {
  NameKind kind = NameKind::ordinary;
  std::size_t at = 0;
  while (at < path.size() && kind == NameKind::ordinary)
    kind = kind_of_name(path[at++]);
  if (kind == NameKind::ordinary) return false;
  if (kind == NameKind::meta && options_.layer) return true;
  if (options_.pass_over_whiteouts) return true;
  if (kind == NameKind::invalid || at != path.size() || !options_.layer)
    throw Failure{
        fmt::format("the archive has the name {:.200}, which hides "
                    "nothing and can be "
                    "no file: names that begin with .wh. are reserved",
                    entry.name)};
  OpenDirectory& directory = tree_.enter(path, path.size() - 1);
  if (kind == NameKind::opaque) {
    tree_.make_opaque(directory);
    return true;
  }
  hide({directory, path.back().substr(kWhiteoutPrefix.size())});
  return true;
}

/// A whiteout hides what lower layers have, and only that: what this
/// layer has under the name stays, whichever came first.
void LayerWriter::hide(const Place& place) {
  if (options_.pass_over_whiteouts) return;
  if (!options_.layer)
    throw Failure{fmt::format(
        "the archive has the device 0:0 as {}, which is a whiteout and "
        "hides what lies below",
        place.name)};
  const int parent = place.directory.fd.get();
  //! [ex8.2]
  struct stat status {};
  if (::fstatat(parent, place.name.c_str(), &status,
                AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISDIR(status.st_mode))
      tree_.make_opaque(tree_.make_directory(place.name));
    return;
  }
  //! [ex8.2]
  story_.whiteout(parent, place.name);
  check_call("mknodat",
             ::mknodat(parent, place.name.c_str(), S_IFCHR, 0),
             "make a whiteout of {}", place.name);
}

}  // namespace dockwright
