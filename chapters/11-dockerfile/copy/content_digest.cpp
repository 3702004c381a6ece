// What is in the files that are to be copied, as one digest: a line for
// each entry, in the order of the walk. Times are not in it, and owners
// only where they are kept.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <map>

#include "chapters/08-layers/attributes.hpp"
#include "chapters/08-layers/listing.hpp"
#include "chapters/11-dockerfile/copy/copy.hpp"
#include "chapters/11-dockerfile/copy/hash_cache.hpp"
#include "chapters/11-dockerfile/copy/patterns.hpp"
#include "chapters/11-dockerfile/copy/source_tree.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kPiece = 1U << 20U;

/// Text of any bytes, so that two of them cannot be one.
std::string field(std::string_view text) {
  return fmt::format("{}:{} ", text.size(), text);
}

std::string attributes_of(const UniqueFd& file,
                          const std::string& path) {
  std::string all;
  for (const auto& [name, value] : read_attributes(file, path))
    if (attribute_rule(name) == AttributeRule::keep)
      all += field(name) + field(value);
  return all;
}

class Digesting : public TreeVisitor {
 public:
  Digesting(const CopyItem& item, HashCache* cache, Hasher& hasher)
      : item_{item}, cache_{cache}, hasher_{hasher} {}

  void enter(const TreeEntry& entry, const UniqueFd& opened) override {
    // The directory itself is not copied, only what is in it.
    line('d', entry,
         entry.path.empty() ? "" : attributes_of(opened, entry.path));
  }
  void leave(const TreeEntry& entry, const UniqueFd& opened) override {
    static_cast<void>(entry);
    static_cast<void>(opened);
  }

  void visit(const TreeEntry& entry) override {
    const struct stat& status = entry.status;
    if (S_ISLNK(status.st_mode))
      return line('l', entry,
                  field(read_link(entry.directory, entry.name)));
    if (!S_ISREG(status.st_mode))
      return line('n', entry,
                  fmt::format("{} {}", status.st_mode & S_IFMT,
                              status.st_rdev));
    std::string names;
    if (status.st_nlink > 1) {
      const auto [first, is_new] = files_.try_emplace(
          {status.st_dev, status.st_ino}, entry.path);
      if (!is_new) names = field(first->second);
    }
    line('f', entry, digest_of(entry).hex() + names);
  }

 private:
  void line(char kind, const TreeEntry& entry,
            const std::string& what) {
    const struct stat& status = entry.status;
    const bool owned = item_.tree.owners == Ownership::kept;
    const bool top = kind == 'd' && entry.path.empty();
    hasher_.update(fmt::format(
        "{} {}{:o} {} {} {}\n", kind, field(entry.path),
        top || kind == 'l' ? 0 : status.st_mode & 07777U,
        owned ? status.st_uid : 0, owned ? status.st_gid : 0, what));
  }

  Digest digest_of(const TreeEntry& entry) {
    if (cache_ != nullptr)
      if (auto known = cache_->find(entry.status)) return *known;
    const UniqueFd file{check_call(
        "openat",
        ::openat(entry.directory.get(), entry.name.c_str(),
                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
        "open {:.200}", entry.path)};
    struct stat status {};
    check_call("fstat", ::fstat(file.get(), &status), "look at {:.200}",
               entry.path);
    if (cache_ != nullptr) cache_->settle(file, status);
    const Digest digest = read(file, entry.path);
    if (cache_ != nullptr) cache_->keep(status, digest);
    return digest;
  }

  Digest read(const UniqueFd& file, const std::string& path) {
    block_.resize(kPiece);
    Hasher hasher;
    for (;;) {
      const auto size = check_call(
          "read", retry([&] {
            return ::read(file.get(), block_.data(), block_.size());
          }),
          "read {:.200}", path);
      if (size == 0) break;
      hasher.update({block_.data(), static_cast<std::size_t>(size)});
    }
    // Their size ends it, in as many digits as always: no contents
    // can look like others with attributes.
    const std::string attributes = attributes_of(file, path);
    hasher.update(
        fmt::format("{}{:016x}", attributes, attributes.size()));
    return hasher.finish();
  }

  const CopyItem& item_;
  HashCache* cache_;
  Hasher& hasher_;
  std::string block_{};
  std::map<std::pair<dev_t, ino_t>, std::string> files_{};
};

}  // namespace

Digest content_digest(const CopySelection& selection,
                      HashCache* cache) {
  Hasher hasher;
  const PathPatterns excludes{selection.request.excludes};
  for (const CopyItem& item : selection.items) {
    hasher.update(fmt::format("item {} {}{}\n",
                              item.unpack ? "unpack" : "copy",
                              field(item.landing), field(item.body)));
    if (item.kind == CopyItem::Kind::inline_file) continue;
    Digesting digesting{item, cache, hasher};
    walk(item, excludes, digesting);
  }
  return hasher.finish();
}

}  // namespace dockwright
