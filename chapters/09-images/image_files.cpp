#include "chapters/09-images/image_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <optional>

#include "chapters/08-layers/archive_reader.hpp"
#include "common/check.hpp"
#include "common/open_in_root.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestDocument = JsonLimits{}.bytes;
/// A file that is larger is hardly a document …
constexpr std::uint64_t kSmall = 256U << 10U;
/// … and so many bytes of documents are kept in memory.
constexpr std::uint64_t kMostInMemory = 16U << 20U;
constexpr int kMostLinks = 16;

/// `./a/` is `a`, as everybody else calls it.
std::string plain_name(std::string name) {
  while (name.starts_with("./")) name.erase(0, 2);
  while (name.ends_with('/')) name.pop_back();
  return name;
}

/// Where a symbolic link of member `name` leads within the archive, by
/// its text alone; what climbs above the archive leads nowhere.
std::string led_to(const std::string& name, const std::string& target) {
  std::string place = target.starts_with('/')
                          ? ""
                          : name.substr(0, name.rfind('/') + 1);
  for (std::string_view rest = target; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      place += std::string{part} + "/";
    } else if (place.empty()) {
      return {};
    } else {
      place.pop_back();
      place.erase(place.rfind('/') + 1);
    }
  }
  return plain_name(place);
}

/// A file of the archive: in memory, in the store, or another name.
struct Found {
  std::optional<std::string> text{};
  std::optional<StoredFile> stored{};
  std::string link{};
};

void expect(const std::string& name, const StoredFile& file,
            const Descriptor* expected) {
  if (expected == nullptr) return;
  if (file.digest != expected->digest)
    throw Failure{fmt::format(
        "{} is damaged: it should have the digest {}, and has {}", name,
        expected->digest.str(), file.digest.str())};
  if (file.size != expected->size)
    throw Failure{fmt::format("{} should have {} bytes, and has {}",
                              name, expected->size, file.size)};
}

StoredFile store_bytes(const Store& store, Source& from) {
  BlobWriter blob = store.new_blob();
  std::optional<Compression> kind;
  for (std::string_view bytes = from.next(); !bytes.empty();
       bytes = from.next()) {
    if (!kind) kind = detect(bytes);
    blob.write(bytes);
  }
  const std::uint64_t size = blob.size();
  return {blob.commit(), size, kind.value_or(Compression::none)};
}

/// The file at which a reader stands.
class MemberSource : public Source {
 public:
  MemberSource(ArchiveReader& reader, const std::string& name)
      : reader_{reader}, name_{name} {}
  std::string_view next() override {
    const auto extent = reader_.extent();
    if (!extent) return {};
    if (extent->offset != place_)
      throw Failure{fmt::format(
          "{} has holes, as no file of an image has", name_)};
    place_ += static_cast<std::int64_t>(extent->bytes.size());
    return extent->bytes;
  }

 private:
  ArchiveReader& reader_;
  const std::string& name_;
  std::int64_t place_ = 0;
};

class Archive : public ImageFiles {
 public:
  Archive(const Store& store, Source& archive,
          const ArchiveLimits& limits)
      : store_{store} {
    ArchiveReader reader{archive, limits};
    ArchiveEntry entry;
    for (std::uint64_t count = 1; reader.next(entry); ++count) {
      check_limit(count, &ArchiveLimits::entries, limits,
                  "the archive");
      take(reader, entry, limits);
    }
  }

  [[nodiscard]] bool has(const std::string& name) const override {
    return find(name) != nullptr;
  }

  [[nodiscard]] std::string document(
      const std::string& name) const override {
    const Found& found = need(name);
    if (found.text) return *found.text;
    if (found.stored->size > kLargestDocument)
      throw Failure{
          fmt::format("{} has {} bytes: no document is that long", name,
                      found.stored->size)};
    return store_.read_document(
        {.digest = found.stored->digest, .size = found.stored->size});
  }

  StoredFile store_file(const std::string& name,
                        const Descriptor* expected) override {
    const Found& found = need(name);
    if (found.stored) {
      expect(name, *found.stored, expected);
      return *found.stored;
    }
    StoredFile file{Digest::of(*found.text), found.text->size(),
                    detect(*found.text)};
    expect(name, file, expected);
    MemorySource bytes{*found.text};
    return store_bytes(store_, bytes);
  }

 private:
  void take(ArchiveReader& reader, const ArchiveEntry& entry,
            const ArchiveLimits& limits) {
    const std::string name = plain_name(entry.name);
    if (entry.kind == ArchiveEntry::Kind::hard_link) {
      files_[name] = {.link = plain_name(entry.link)};
    } else if (entry.kind == ArchiveEntry::Kind::symlink) {
      files_[name] = {.link = led_to(name, entry.link)};
    } else if (entry.kind == ArchiveEntry::Kind::file) {
      check_limit(entry.size, &ArchiveLimits::file_bytes, limits,
                  fmt::format("the file {} has", name));
      files_[name] = read(reader, entry, name);
    }
  }

  Found read(ArchiveReader& reader, const ArchiveEntry& entry,
             const std::string& name) {
    MemberSource member{reader, name};
    if (entry.size > kSmall || in_memory_ + entry.size > kMostInMemory)
      return {.stored = store_bytes(store_, member)};
    std::string text;
    for (std::string_view bytes = member.next(); !bytes.empty();
         bytes = member.next())
      text += bytes;
    in_memory_ += text.size();
    return {.text = std::move(text)};
  }

  [[nodiscard]] const Found* find(const std::string& name) const {
    std::string place = name;
    for (int step = 0; step < kMostLinks; ++step) {
      const auto found = files_.find(place);
      if (found == files_.end()) return nullptr;
      if (found->second.text || found->second.stored)
        return &found->second;
      place = found->second.link;
    }
    return nullptr;
  }

  [[nodiscard]] const Found& need(const std::string& name) const {
    if (const Found* const found = find(name)) return *found;
    throw Failure{fmt::format(
        "the archive names {}, and does not hold it", name)};
  }

  const Store& store_;
  std::map<std::string, Found> files_{};
  std::uint64_t in_memory_ = 0;
};

class Directory : public ImageFiles {
 public:
  Directory(const Store& store, UniqueFd directory, std::string path)
      : store_{store},
        directory_{std::move(directory)},
        path_{std::move(path)} {}

  [[nodiscard]] bool has(const std::string& name) const override {
    return try_open_in_root(directory_, name, O_PATH).has_value();
  }

  [[nodiscard]] std::string document(
      const std::string& name) const override {
    return files::read_all(open(name), kLargestDocument, name);
  }

  StoredFile store_file(const std::string& name,
                        const Descriptor* expected) override {
    if (expected != nullptr && store_.has(*expected)) {
      // Its digest was checked when it came; this one need not come.
      PeekedSource there{
          std::make_unique<FileSource>(store_.open_blob(*expected))};
      return {expected->digest, expected->size, detect(there.peek())};
    }
    FileSource source{open(name), fmt::format("{}/{}", path_, name)};
    const StoredFile file = store_bytes(store_, source);
    expect(name, file, expected);
    return file;
  }

 private:
  /// A named pipe would keep us waiting for ever.
  [[nodiscard]] UniqueFd open(const std::string& name) const {
    auto file =
        try_open_in_root(directory_, name, O_RDONLY | O_NONBLOCK);
    if (!file)
      throw Failure{fmt::format("{} names {}, and does not hold it",
                                path_, name)};
    struct stat status {};
    check(::fstat(file->get(), &status), "look at {}/{}", path_, name);
    if (!S_ISREG(status.st_mode))
      throw Failure{fmt::format("{}/{} is no file", path_, name)};
    return std::move(*file);
  }

  const Store& store_;
  UniqueFd directory_;
  std::string path_;
};

}  // namespace

std::unique_ptr<ImageFiles> files_of_archive(
    const Store& store, std::unique_ptr<Source> archive,
    const ArchiveLimits& limits) {
  const auto plain = decompressed(std::move(archive));
  return std::make_unique<Archive>(store, *plain, limits);
}

std::unique_ptr<ImageFiles> files_of_directory(const Store& store,
                                               UniqueFd directory,
                                               std::string path) {
  return std::make_unique<Directory>(store, std::move(directory),
                                     std::move(path));
}

}  // namespace dockwright
