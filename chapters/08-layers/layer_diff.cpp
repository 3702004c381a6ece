#include "chapters/08-layers/layer_diff.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "chapters/08-layers/attributes.hpp"
#include "chapters/08-layers/listing.hpp"
#include "chapters/08-layers/zero_runs.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

using Kind = ArchiveEntry::Kind;

/// Each level holds a directory open.
constexpr std::size_t kDeepest = 512;
constexpr std::size_t kPiece = 256 * 1024;

Kind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return Kind::directory;
    case S_IFLNK:
      return Kind::symlink;
    case S_IFIFO:
      return Kind::fifo;
    case S_IFCHR:
      return Kind::character;
    case S_IFBLK:
      return Kind::block;
    default:
      return Kind::file;
  }
}

class Packer {
 public:
  Packer(ArchiveWriter& to, const DiffOptions& options)
      : to_{to}, options_{options} {}

  /// Everything in a directory; `path` is its name in the archive,
  /// empty or with a slash at its end.
  void pack_contents(const UniqueFd& directory, const std::string& path,
                     std::size_t depth);
  /// What was seen on the way.
  [[nodiscard]] const WrittenLayer& seen() const noexcept {
    return seen_;
  }

 private:
  /// A name in an open directory.
  struct Place {
    const UniqueFd& directory;
    const std::string& name;
    std::string path;
  };
  void pack(const Place& place, const std::string& parent,
            std::size_t depth);
  void pack_directory(const Place& place, ArchiveEntry entry,
                      std::size_t depth);
  void pack_file(const Place& place, ArchiveEntry entry);
  void copy_contents(const UniqueFd& file, const ArchiveEntry& entry,
                     const std::vector<DataRun>& runs);
  void write_zeroes(std::uint64_t count);
  void copy_run(const UniqueFd& file, const DataRun& run,
                const std::string& path);
  void mark(const std::string& path);
  [[nodiscard]] ArchiveEntry describe(const Place& place,
                                      const struct stat& status);
  Attributes take_overlays(Attributes& attributes,
                           const std::string& path) const;

  ArchiveWriter& to_;
  const DiffOptions& options_;
  std::map<std::pair<dev_t, ino_t>, std::string> links_{};
  WrittenLayer seen_{.diff_id = Digest::of("")};
  std::string piece_ = std::string(kPiece, '\0');
};

void Packer::pack_contents(const UniqueFd& directory,
                           const std::string& path, std::size_t depth) {
  if (depth > kDeepest)
    throw Failure{fmt::format(
        "{} lies deeper than {} directories, and cannot be packed",
        path, kDeepest)};
  for (const std::string& name : sorted_names(directory, path))
    pack({directory, name, path + name}, path, depth);
}

/// An empty file that says something by its name. All are alike: when
/// something was removed is not part of what was changed.
void Packer::mark(const std::string& path) {
  to_.begin({.kind = Kind::file, .name = path});
}

void Packer::pack(const Place& place, const std::string& parent,
                  std::size_t depth) {
  struct stat status {};
  check(::fstatat(place.directory.get(), place.name.c_str(), &status,
                  AT_SYMLINK_NOFOLLOW),
        "look at {}", place.path);
  //! [ex8.1]
  if (is_whiteout(status)) {
    if (!options_.whole_tree)
      mark(fmt::format("{}{}{}", parent, kWhiteoutPrefix, place.name));
    return;
  }
  //! [ex8.1]
  if (S_ISSOCK(status.st_mode)) {
    seen_.faithful = false;
    return;
  }
  if (kind_of_name(place.name) != NameKind::ordinary)
    throw Failure{fmt::format(
        "{} cannot be in a layer: such a name says there that "
        "something was removed",
        place.path)};
  ArchiveEntry entry = describe(place, status);
  if (entry.kind == Kind::directory)
    return pack_directory(place, std::move(entry), depth);
  if (status.st_nlink > 1) {
    const auto [first, is_new] =
        links_.try_emplace({status.st_dev, status.st_ino}, place.path);
    if (!is_new) {
      entry.kind = Kind::hard_link;
      entry.link = first->second;
      return to_.begin(entry);
    }
  }
  if (entry.kind == Kind::file)
    return pack_file(place, std::move(entry));
  to_.begin(entry);
}

ArchiveEntry Packer::describe(const Place& place,
                              const struct stat& status) {
  ArchiveEntry entry{
      .kind = kind_of(status.st_mode),
      .name = place.path,
      .mode = status.st_mode & 07777,
      .user = status.st_uid,
      .group = status.st_gid,
      .device = status.st_rdev,
      .size = static_cast<std::uint64_t>(status.st_size)};
  // Whole seconds, as everybody writes them into layers.
  entry.change_time.tv_sec = status.st_mtim.tv_sec;
  if (options_.latest_time &&
      entry.change_time.tv_sec > *options_.latest_time) {
    entry.change_time.tv_sec = *options_.latest_time;
    seen_.faithful = false;
  }
  seen_.newest =
      std::max<std::int64_t>(seen_.newest, entry.change_time.tv_sec);
  if (entry.kind == Kind::symlink) {
    entry.link.resize(PATH_MAX);
    entry.link.resize(static_cast<std::size_t>(
        check(::readlinkat(place.directory.get(), place.name.c_str(),
                           entry.link.data(), entry.link.size()),
              "read the link {}", place.path)));
  }
  return entry;
}

/// Takes out of `attributes` what may not be in a layer, and gives back
/// what was overlay's of it. What the overlay did not finish here, but
/// only refers to, cannot be packed.
Attributes Packer::take_overlays(Attributes& attributes,
                                 const std::string& path) const {
  const std::string_view prefix =
      options_.whiteouts == Whiteouts::trusted ? "trusted.overlay."
                                               : "user.overlay.";
  Attributes overlays;
  for (auto& attribute : attributes)
    if (attribute.first.starts_with(prefix))
      overlays.push_back(attribute);
  std::erase_if(attributes, [](const auto& attribute) {
    return attribute_rule(attribute.first) != AttributeRule::keep;
  });
  if (options_.whole_tree) return {};
  for (const auto& [name, value] : overlays)
    for (const char* const half : {"redirect", "metacopy"})
      if (name.ends_with(half))
        throw Failure{fmt::format(
            "{} is not whole: its contents are elsewhere ({}), because "
            "this overlay was mounted with redirect_dir or metacopy",
            path, name)};
  return overlays;
}

//! [pack_directory]
void Packer::pack_directory(const Place& place, ArchiveEntry entry,
                            std::size_t depth) {
  const UniqueFd directory{
      check(::openat(place.directory.get(), place.name.c_str(),
                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
            "open {}", place.path)};
  entry.attributes = read_attributes(directory, place.path);
  const Attributes overlays =
      take_overlays(entry.attributes, place.path);
  entry.name += '/';
  to_.begin(entry);
  const std::pair<std::string, std::string> opaque{
      opaque_attribute(options_.whiteouts), "y"};
  if (std::find(overlays.begin(), overlays.end(), opaque) !=
      overlays.end())
    mark(entry.name + std::string{kOpaqueMarker});
  pack_contents(directory, entry.name, depth + 1);
}
//! [pack_directory]

void Packer::pack_file(const Place& place, ArchiveEntry entry) {
  const UniqueFd file{check(
      ::openat(
          place.directory.get(), place.name.c_str(),
          O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC),
      "open {}", place.path)};
  struct stat status {};
  check(::fstat(file.get(), &status), "look at {}", place.path);
  if (!S_ISREG(status.st_mode))
    throw Failure{
        fmt::format("{} changes while it is packed", place.path)};
  entry.size = static_cast<std::uint64_t>(status.st_size);
  seen_.content_bytes += entry.size;
  entry.attributes = read_attributes(file, place.path);
  static_cast<void>(take_overlays(entry.attributes, place.path));
  std::vector<DataRun> runs = find_data(file, entry.size);
  to_.begin(entry, runs);
  if (runs.empty()) runs.push_back({0, entry.size});
  copy_contents(file, entry, runs);
}

void Packer::copy_contents(const UniqueFd& file,
                           const ArchiveEntry& entry,
                           const std::vector<DataRun>& runs) {
  std::uint64_t at = 0;
  for (const DataRun& run : runs) {
    write_zeroes(run.offset - at);
    copy_run(file, run, entry.name);
    at = run.offset + run.size;
  }
  write_zeroes(entry.size - at);
}

/// libarchive counts what it is given, holes too, and keeps the rest.
void Packer::write_zeroes(std::uint64_t count) {
  if (count == 0) return;
  std::fill(piece_.begin(), piece_.end(), '\0');
  for (std::uint64_t left = count; left > 0;) {
    const std::uint64_t part = std::min<std::uint64_t>(left, kPiece);
    to_.write(std::string_view{piece_}.substr(0, part));
    left -= part;
  }
}

void Packer::copy_run(const UniqueFd& file, const DataRun& run,
                      const std::string& path) {
  for (std::uint64_t done = 0; done < run.size;) {
    const std::size_t wanted =
        std::min<std::uint64_t>(run.size - done, kPiece);
    const auto got =
        check(retry([&] {
                return ::pread(file.get(), piece_.data(), wanted,
                               static_cast<off_t>(run.offset + done));
              }),
              "read {}", path);
    if (got == 0)
      throw Failure{
          fmt::format("{} becomes shorter while it is packed", path)};
    to_.write({piece_.data(), static_cast<std::size_t>(got)});
    done += static_cast<std::uint64_t>(got);
  }
}

}  // namespace

WrittenLayer write_layer(const UniqueFd& upper, Sink& to,
                         const DiffOptions& options) {
  HashingSink hashed{to};
  ArchiveWriter writer{hashed};
  Packer packer{writer, options};
  packer.pack_contents(upper, "", 0);
  writer.finish();
  WrittenLayer written = packer.seen();
  written.diff_id = hashed.digest();
  written.bytes = hashed.bytes();
  written.entries = writer.entries();
  return written;
}

}  // namespace dockwright
