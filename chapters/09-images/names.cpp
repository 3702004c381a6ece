// Images by name. The index has one entry for each name, and one
// without a name for an image that lost its last.

#include <algorithm>

#include "chapters/09-images/store_index.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

using Entries = std::vector<Descriptor>;

bool has_digest(const Entries& entries, const Digest& digest) {
  return std::any_of(
      entries.begin(), entries.end(),
      [&](const Descriptor& entry) { return entry.digest == digest; });
}

Entries::iterator find_name(Entries& entries, const Reference& name) {
  return std::find_if(
      entries.begin(), entries.end(),
      [&](const Descriptor& entry) { return name_of(entry) == name; });
}

/// Puts an image in, with or without a name; an entry without one
/// gives way.
void put(const Store& store, Entries& entries, Descriptor entry,
         const std::optional<Reference>& name) {
  clear_name(entry);
  if (name) set_name(entry, *name);
  if (const Summary summary = summarise(store, entry); summary.whole)
    note(entry, summary.image);
  const auto nameless = std::find_if(
      entries.begin(), entries.end(), [&](const Descriptor& other) {
        return other.digest == entry.digest && !name_of(other);
      });
  if (nameless != entries.end())
    *nameless = std::move(entry);
  else
    entries.push_back(std::move(entry));
}

void need(const Store& store, const Descriptor& image) {
  if (!store.has(image))
    throw Failure{fmt::format("image {} is not in the store {}",
                              image.digest.str(), store.path())};
}

bool is_hex(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

/// Whether the entry is what `reference` means: it has this name, or
/// this digest in this repository.
bool is_meant(const Descriptor& entry, const Reference& reference) {
  const auto name = name_of(entry);
  if (!name) return false;
  return *name == reference ||
         (reference.digest() == entry.digest &&
          name->registry() == reference.registry() &&
          name->repository() == reference.repository());
}

StoredImage listed_as(const Store& store, const Descriptor& entry) {
  auto image = noted(entry);
  return image ? *std::move(image) : summarise(store, entry).image;
}

/// The image whose ID, or whose manifest's digest, begins so.
const StoredImage* by_id(const std::vector<StoredImage>& images,
                         std::string_view beginning) {
  const StoredImage* found = nullptr;
  for (const StoredImage& image : images) {
    const bool id = image.id && image.id->hex().starts_with(beginning);
    const bool manifest =
        image.descriptor.digest.hex().starts_with(beginning);
    if (!id && !manifest) continue;
    if (found != nullptr &&
        found->descriptor.digest != image.descriptor.digest &&
        (!found->id || found->id != image.id))
      throw Failure{fmt::format(
          "several images begin with {}: {} and {}, for two", beginning,
          found->id.value_or(found->descriptor.digest).short_hex(),
          image.id.value_or(image.descriptor.digest).short_hex())};
    if (found == nullptr) found = &image;
  }
  return found;
}

}  // namespace

std::vector<StoredImage> Store::images() const {
  std::vector<StoredImage> all;
  std::vector<StoredImage> news;
  for (const Descriptor& entry : read_index(*this).manifests) {
    if (auto image = noted(entry)) {
      all.push_back(*std::move(image));
      continue;
    }
    Summary summary = summarise(*this, entry);
    if (summary.whole) news.push_back(summary.image);
    all.push_back(std::move(summary.image));
  }
  if (!news.empty()) note_all(news);
  return all;
}

/// Others' entries have no notes, and a layer that is unpacked later
/// makes a size known.
void Store::note_all(const std::vector<StoredImage>& images) const {
  try {
    IndexChange change{*this};
    for (Descriptor& entry : change.index().manifests)
      for (const StoredImage& image : images)
        if (entry == image.descriptor) note(entry, image);
    change.save();
  } catch (const SystemCallError&) {
    // A store that is only to be read: next time it is read again.
  }
}

std::optional<StoredImage> Store::find(
    std::string_view name_or_id) const {
  if (const auto name = Reference::try_parse(name_or_id)) {
    if (const auto entry = entry_of(*this, *name))
      return listed_as(*this, *entry);
    for (const Descriptor& entry : read_index(*this).manifests)
      if (is_meant(entry, *name)) return listed_as(*this, entry);
  }
  std::string_view hex = name_or_id;
  if (hex.starts_with("sha256:")) hex.remove_prefix(7);
  if (!is_hex(hex)) return std::nullopt;
  const std::vector<StoredImage> all = images();
  const StoredImage* const found = by_id(all, hex);
  if (found == nullptr) return std::nullopt;
  return *found;
}

void Store::tag(const Reference& name, const Descriptor& image) const {
  need(*this, image);
  IndexChange change{*this};
  Entries& entries = change.index().manifests;
  if (const auto before = find_name(entries, name);
      before != entries.end()) {
    const Descriptor old = *before;
    entries.erase(before);
    if (old.digest != image.digest && !has_digest(entries, old.digest))
      put(*this, entries, old, std::nullopt);
  }
  put(*this, entries, image, name);
  change.save();
}

void Store::keep(const Descriptor& image) const {
  need(*this, image);
  IndexChange change{*this};
  Entries& entries = change.index().manifests;
  if (has_digest(entries, image.digest)) return;
  put(*this, entries, image, std::nullopt);
  change.save();
}

bool Store::untag(const Reference& name) const {
  IndexChange change{*this};
  Entries& entries = change.index().manifests;
  const auto entry = find_name(entries, name);
  if (entry == entries.end()) return false;
  entries.erase(entry);
  change.save();
  return true;
}

bool Store::forget(const Digest& image) const {
  IndexChange change{*this};
  const auto gone = std::erase_if(
      change.index().manifests,
      [&](const Descriptor& entry) { return entry.digest == image; });
  if (gone > 0) change.save();
  return gone > 0;
}

}  // namespace dockwright
