#include "chapters/12-build-cache/cache/exported_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>

#include "chapters/09-images/media_types.hpp"
#include "chapters/11-dockerfile/syntax/comma_list.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr const char* kArtifact =
    "application/vnd.dockwright.buildcache.v1";
constexpr const char* kRecords =
    "application/vnd.dockwright.buildcache.records.v1+json";
constexpr const char* kLayout = R"({"imageLayoutVersion":"1.0.0"})";
constexpr std::size_t kMostRecords = 64U << 20;  // bytes

UniqueFd open_directory(const std::string& path) {
  return UniqueFd{check_call(
      "open", ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open the cache in {}", path)};
}

std::uint64_t size_of(const UniqueFd& file) {
  struct stat status {};
  check_call("fstat", ::fstat(file.get(), &status), "look at a blob");
  return static_cast<std::uint64_t>(status.st_size);
}

/// Blobs appear whole or not at all: until then they have no name.
class BlobDirectory {
 public:
  explicit BlobDirectory(const UniqueFd& layout)
      : blobs_{files::directory_at(
            files::directory_at(layout, "blobs", 0755), "sha256",
            0755)} {}

  [[nodiscard]] bool has(const Descriptor& blob) const {
    const auto there =
        files::try_open_at(blobs_, blob.digest.hex(), O_PATH);
    return there && size_of(*there) == blob.size;
  }

  void add(const Descriptor& blob, Source& bytes) const {
    const UniqueFd file{
        check_call("openat",
                   ::openat(blobs_.get(), ".",
                            O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644),
                   "make a blob of the cache")};
    for (auto block = bytes.next(); !block.empty();
         block = bytes.next())
      files::write_all(file, block, "a blob of the cache");
    ignore(static_cast<long>(
               files::remove_file(blobs_, blob.digest.hex())),
           "one of another size makes room");
    const std::string self =
        fmt::format("/proc/self/fd/{}", file.get());
    check_call("linkat",
               ::linkat(AT_FDCWD, self.c_str(), blobs_.get(),
                        blob.digest.hex().c_str(), AT_SYMLINK_FOLLOW),
               "name a blob of the cache");
  }

  Descriptor add_document(std::string_view type,
                          const std::string& text) const {
    const Descriptor blob = Descriptor::of(type, text);
    if (has(blob)) return blob;
    MemorySource bytes{text};
    add(blob, bytes);
    return blob;
  }

 private:
  UniqueFd blobs_;
};

std::string records_text(const std::vector<CacheRecord>& records) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const CacheRecord& record : records)
    list.push_back({{"key", record.inputs.key().hex()},
                    {"record", record.to_json("")}});
  return write_json({{"version", 1}, {"records", list}});
}

std::string read_blob(const UniqueFd& blobs, const Descriptor& blob,
                      std::size_t limit) {
  const auto text = files::read_at(blobs, blob.digest.hex(), limit);
  if (!text || Digest::of(*text) != blob.digest)
    throw Failure{fmt::format("the cache's {} is {}", blob.digest.str(),
                              text ? "damaged" : "missing")};
  return *text;
}

/// The one artifact in a layout. There may be others' beside it.
Manifest find_artifact(const UniqueFd& layout, const UniqueFd& blobs) {
  constexpr std::size_t kLargest = 4U << 20;
  const auto text = files::read_at(layout, "index.json", kLargest);
  if (text)
    for (const Descriptor& entry :
         parse_index("index.json", *text).manifests) {
      if (!media::is_manifest(entry.media_type)) continue;
      Manifest manifest = parse_manifest(
          entry.digest.str(), read_blob(blobs, entry, kLargest),
          entry.media_type);
      if (manifest.config.media_type == kRecords) return manifest;
    }
  throw Failure{"there is no cache of a build in this directory"};
}

}  // namespace

CachePlace parse_cache_place(const char* option,
                             std::string_view text) {
  CachePlace place;
  std::string type = "local";
  for (const CommaField& field : parse_comma_list(text)) {
    if (field.key == "type")
      type = field.value;
    else if (field.key == "dest" || field.key == "src")
      place.directory = field.value;
    else if (!field.given_value && text.find(',') == text.npos)
      type = "registry";  // Docker's short form: an image's name
    else if (field.key == "mode" &&
             (field.value == "min" || field.value == "max"))
      place.all_stages = field.value == "max";
    else
      throw Failure{fmt::format(
          "{} {}: type=local, dest=DIR or src=DIR, and mode=min|max "
          "are known",
          option, text)};
  }
  if (type != "local")
    throw Failure{fmt::format(
        "{} {}: type=local, a directory, is the only one known here; "
        "'{}' is not",
        option, text, type)};
  if (place.directory.empty())
    throw Failure{
        fmt::format("{} {}: in which directory? (dest=DIR, "
                    "src=DIR)",
                    option, text)};
  return place;
}

void export_cache(const Store& store,
                  const std::vector<CacheRecord>& records,
                  const std::string& directory) {
  if (::mkdir(directory.c_str(), 0755) == -1 && errno != EEXIST)
    check_call("mkdir", -1, "make {} for the cache", directory);
  const UniqueFd layout = open_directory(directory);
  const BlobDirectory blobs{layout};
  Manifest manifest{
      .media_type = std::string{media::kManifest},
      .artifact_type = kArtifact,
      .config = blobs.add_document(kRecords, records_text(records))};
  std::set<Digest> added;
  for (const CacheRecord& record : records) {
    if (!record.layer ||
        !added.insert(record.layer->blob.digest).second)
      continue;
    const Descriptor& blob = record.layer->blob;
    manifest.layers.push_back(blob);
    if (blobs.has(blob)) continue;
    FileSource bytes{store.open_blob(blob), blob.digest.str()};
    blobs.add(blob, bytes);
  }
  const Descriptor artifact =
      blobs.add_document(media::kManifest, manifest.to_json());
  files::replace({layout, layout, "oci-layout"}, kLayout,
                 files::Durability::fleeting);
  files::replace({layout, layout, "index.json"},
                 Index{.media_type = std::string{media::kIndex},
                       .manifests = {artifact}}
                     .to_json());
}

ForeignCache::ForeignCache(const std::string& directory)
    : blobs_{open_directory(directory + "/blobs/sha256")} {
  const UniqueFd layout = open_directory(directory);
  const Manifest artifact = find_artifact(layout, blobs_);
  const std::string text =
      read_blob(blobs_, artifact.config, kMostRecords);
  const JsonDocument document{
      artifact.config.digest.str(), text, {.bytes = kMostRecords}};
  for (const JsonNode& item : document.root().at("records").items()) {
    const std::string key = item.at("key").text();
    records_.emplace(
        Digest::parse("sha256:" + key),
        parse_record(key, item.at("record").text()).record);
  }
}

std::optional<CacheRecord> ForeignCache::find(
    const Store& store, const StepInputs& inputs) const {
  const auto found = records_.find(inputs.key());
  if (found == records_.end()) return std::nullopt;
  const CacheRecord& record = found->second;
  if (record.layer && !store.has(record.layer->blob)) {
    const Descriptor& blob = record.layer->blob;
    auto file = files::try_open_at(blobs_, blob.digest.hex(),
                                   O_RDONLY | O_NONBLOCK);
    if (!file) return std::nullopt;
    FileSource bytes{std::move(*file), blob.digest.str()};
    BlobWriter writer = store.new_blob(blob);
    for (auto block = bytes.next(); !block.empty();
         block = bytes.next())
      writer.write(block);
    ignore(writer.commit() == blob.digest, "commit has compared them");
  }
  return record;
}

}  // namespace dockwright
