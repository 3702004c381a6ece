#include "chapters/08-layers/contents.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <limits.h>
#include <set>

#include "chapters/08-layers/compression.hpp"
#include "chapters/08-layers/layer_tree.hpp"
#include "chapters/08-layers/listing.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// Deeper than that, what works through a tree would run out of stack
/// or of descriptors.
constexpr std::size_t kDeepest = 512;

Node::Kind kind_of(const struct stat& status) {
  if (is_whiteout(status)) return Node::Kind::whiteout;
  switch (status.st_mode & S_IFMT) {
    case S_IFDIR:
      return Node::Kind::directory;
    case S_IFREG:
      return Node::Kind::file;
    case S_IFLNK:
      return Node::Kind::link;
    default:
      return Node::Kind::special;
  }
}

/// Reads a directory in overlay's form.
class DirectoryReader {
 public:
  explicit DirectoryReader(Whiteouts whiteouts)
      : mark_{opaque_attribute(whiteouts), "y"} {}

  void read(const UniqueFd& directory, const std::string& path,
            std::size_t depth, Node& node) {
    if (depth > kDeepest)
      throw Failure{fmt::format("{} lies deeper than {} directories",
                                path, kDeepest)};
    for (const auto& attribute : read_attributes(directory, path))
      if (attribute == mark_) node.opaque = true;
    for (const std::string& name : sorted_names(directory, path))
      read_entry(directory, {path, name}, depth, node.children[name]);
  }

 private:
  struct Place {
    const std::string& parent;
    const std::string& name;
  };
  void read_entry(const UniqueFd& directory, const Place& place,
                  std::size_t depth, Node& node) {
    const std::string path = place.parent + "/" + place.name;
    struct stat status {};
    check(::fstatat(directory.get(), place.name.c_str(), &status,
                    AT_SYMLINK_NOFOLLOW),
          "look at {}", path);
    node = {.kind = kind_of(status),
            .mode = status.st_mode & 07777,
            .user = status.st_uid,
            .group = status.st_gid};
    const bool counted =
        status.st_nlink > 1 &&
        !seen_.insert({status.st_dev, status.st_ino}).second;
    if (node.kind == Node::Kind::file && !counted)
      node.size = static_cast<std::uint64_t>(status.st_size);
    if (node.kind == Node::Kind::link)
      node.link = read_link(directory, place.name, path);
    if (node.kind != Node::Kind::directory) return;
    const UniqueFd below{
        check(::openat(directory.get(), place.name.c_str(),
                       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
              "open {}", path)};
    read(below, path, depth + 1, node);
  }

  static std::string read_link(const UniqueFd& directory,
                               const std::string& name,
                               const std::string& path) {
    std::string target(PATH_MAX, '\0');
    target.resize(static_cast<std::size_t>(
        check(::readlinkat(directory.get(), name.c_str(), target.data(),
                           target.size()),
              "read the link {}", path)));
    return target;
  }

  std::pair<std::string, std::string> mark_;
  std::set<std::pair<dev_t, ino_t>> seen_{};
};

/// Every entry of an archive, as its name and kind put it into a tree.
void add_entry(Node& root, const ArchiveEntry& entry,
               std::vector<std::string> path,
               const ArchiveLimits& limits) {
  if (path.empty()) return;
  check_limit(path.size(), &ArchiveLimits::path_depth, limits,
              fmt::format("{:.100} has", entry.name));
  std::string name = std::move(path.back());
  path.pop_back();
  Node* parent = &root;
  for (const std::string& part : path) {
    parent = &parent->children[part];
    parent->kind = Node::Kind::directory;
  }
  const NameKind meaning = kind_of_name(name);
  if (meaning == NameKind::meta) return;
  if (meaning == NameKind::opaque) {
    parent->opaque = true;
    return;
  }
  if (meaning == NameKind::invalid)
    throw Failure{fmt::format("{:?} hides nothing that could be named",
                              entry.name)};
  Node node{
      .mode = entry.mode, .user = entry.user, .group = entry.group};
  if (meaning == NameKind::whiteout) {
    name.erase(0, kWhiteoutPrefix.size());
    node.kind = Node::Kind::whiteout;
    // What the layer itself has of that name stays (image-spec).
    parent->children.try_emplace(name, std::move(node));
    return;
  }
  switch (entry.kind) {
    case ArchiveEntry::Kind::directory:
      node.kind = Node::Kind::directory;
      break;
    case ArchiveEntry::Kind::file:
      node.kind = Node::Kind::file;
      node.size = entry.size;
      break;
    case ArchiveEntry::Kind::hard_link:
      node.kind = Node::Kind::file;
      break;
    case ArchiveEntry::Kind::symlink:
      node.kind = Node::Kind::link;
      node.link = entry.link;
      break;
    default:
      node.kind = Node::Kind::special;
  }
  Node& place = parent->children[name];
  if (node.kind == Node::Kind::directory &&
      place.kind == Node::Kind::directory) {
    node.children = std::move(place.children);
    node.opaque = place.opaque;
  }
  place = std::move(node);
}

}  // namespace

Node read_contents(const UniqueFd& directory, Whiteouts whiteouts) {
  Node root;
  DirectoryReader{whiteouts}.read(directory, "", 0, root);
  return root;
}

Node read_contents(std::unique_ptr<Source> archive,
                   const ArchiveLimits& limits) {
  const std::unique_ptr<Source> plain =
      decompressed(std::move(archive));
  ArchiveReader reader{*plain, limits};
  Node root;
  ArchiveEntry entry;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  while (reader.next(entry)) {
    check_limit(++count, &ArchiveLimits::entries, limits,
                "the archive has");
    check_limit(entry.size, &ArchiveLimits::file_bytes, limits,
                fmt::format("{:.100} has", entry.name));
    check_limit(bytes += entry.size, &ArchiveLimits::bytes, limits,
                "the archive has");
    add_entry(root, entry, components_of(entry.name), limits);
  }
  return root;
}

void lay_over(Node& below, const Node& layer) {
  if (layer.opaque) below.children.clear();
  below.mode = layer.mode;
  below.user = layer.user;
  below.group = layer.group;
  for (const auto& [name, upper] : layer.children) {
    if (upper.kind == Node::Kind::whiteout) {
      below.children.erase(name);
      continue;
    }
    Node& place = below.children[name];
    if (upper.kind == Node::Kind::directory &&
        place.kind == Node::Kind::directory) {
      lay_over(place, upper);
      continue;
    }
    place = {};
    if (upper.kind == Node::Kind::directory)
      lay_over(place, upper);  // without its whiteouts
    else
      place = upper;
  }
}

Amount amount_of(const Node& node) noexcept {
  if (node.kind == Node::Kind::whiteout) return {};
  if (node.kind != Node::Kind::directory)
    return {.files = 1, .bytes = node.size};
  Amount sum;
  for (const auto& [name, child] : node.children)
    sum += amount_of(child);
  return sum;
}

}  // namespace dockwright
