#include "chapters/09-images/store_index.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <charconv>

#include "chapters/09-images/index_scan.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestIndex = 64U << 20;

constexpr const char* kShortName = "org.opencontainers.image.ref.name";
constexpr const char* kWholeName = "io.containerd.image.name";
constexpr const char* kCreated = "org.opencontainers.image.created";
constexpr const char* kId = "dockwright.image.id";
constexpr const char* kBytes = "dockwright.image.bytes";

std::string find_text(const Descriptor& entry, const char* key) {
  const auto found = entry.annotations.find(key);
  return found == entry.annotations.end() ? std::string{}
                                          : found->second;
}

std::string index_text(const Store& store) {
  auto text = files::read_at(store.root(), "index.json", kLargestIndex);
  if (!text)
    throw Failure{
        fmt::format("{}/index.json is missing", store.path())};
  return *std::move(text);
}

UniqueFd lock_index(const Store& store) {
  UniqueFd lock{check_call(
      "openat",
      ::openat(store.root().get(), "index.lock",
               O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600),
      "open the lock of {}/index.json", store.path())};
  check_call("flock",
             retry([&] { return ::flock(lock.get(), LOCK_EX); }),
             "lock {}/index.json", store.path());
  return lock;
}

}  // namespace

Index read_index(const Store& store) {
  return parse_index(store.path() + "/index.json", index_text(store),
                     "", {.bytes = kLargestIndex, .depth = 64});
}

std::optional<Descriptor> entry_of(const Store& store,
                                   const Reference& name) {
  const std::string text = index_text(store);
  const std::size_t place = text.find('"' + name.str() + '"');
  if (place == std::string::npos) return std::nullopt;
  const auto around = entry_around(text, place);
  if (!around) return std::nullopt;
  const JsonDocument document{store.path() + "/index.json", *around};
  Descriptor entry = Descriptor::from_json(document.root());
  if (name_of(entry) != name) return std::nullopt;
  return entry;
}

IndexChange::IndexChange(const Store& store)
    : store_{store},
      lock_{lock_index(store)},
      index_{read_index(store)} {}

void IndexChange::save() const {
  // The names of new blobs first: the index must not point at nothing.
  if (store_.durability() == files::Durability::durable)
    files::sync(store_.blobs(), "the names of blobs");
  files::replace({store_.temporary(), store_.root(), "index.json"},
                 index_.to_json(), store_.durability());
}

std::optional<Reference> name_of(const Descriptor& entry) {
  for (const char* const key : {kWholeName, kShortName})
    if (auto name = Reference::try_parse(find_text(entry, key)))
      return name;
  return std::nullopt;
}

void set_name(Descriptor& entry, const Reference& name) {
  entry.annotations[kShortName] = name.familiar();
  entry.annotations[kWholeName] = name.str();
}

void clear_name(Descriptor& entry) {
  entry.annotations.erase(kShortName);
  entry.annotations.erase(kWholeName);
}

std::optional<StoredImage> noted(const Descriptor& entry) {
  const auto id = Digest::try_parse(find_text(entry, kId));
  const std::string number = find_text(entry, kBytes);
  std::uint64_t bytes = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, bytes);
  if (!id || error != std::errc{} || stop != end) return std::nullopt;
  return StoredImage{.name = name_of(entry),
                     .descriptor = entry,
                     .id = id,
                     .created = find_text(entry, kCreated),
                     .bytes = bytes};
}

Summary summarise(const Store& store, const Descriptor& entry) {
  Summary summary{.image = {.name = name_of(entry),
                            .descriptor = entry,
                            .created = find_text(entry, kCreated)}};
  try {
    const Image image =
        load_image(store, entry, Platform::of_this_machine());
    summary.manifest = image.descriptor.digest;
    summary.image.id = image.manifest.config.digest;
    summary.image.created = image.config.created;
    summary.whole = true;
    for (std::size_t i = 0; i < image.manifest.layers.size(); ++i) {
      const auto layer = find_unpacked(store, image.config.diff_ids[i]);
      summary.image.bytes +=
          layer ? layer->bytes : image.manifest.layers[i].size;
      summary.whole = summary.whole && layer.has_value();
    }
  } catch (const Failure&) {
    // No image of this platform, or not whole: it is listed without.
    summary.whole = false;
  }
  return summary;
}

void note(Descriptor& entry, const StoredImage& image) {
  if (!image.id) return;
  entry.annotations[kId] = image.id->str();
  entry.annotations[kBytes] = std::to_string(image.bytes);
  if (!image.created.empty())
    entry.annotations[kCreated] = image.created;
}

}  // namespace dockwright
