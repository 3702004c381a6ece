#include "chapters/09-images/collect.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "chapters/09-images/kept.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/running.hpp"
#include "chapters/09-images/store_index.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"

namespace dockwright {

void Needed::add(const Store& store, const Descriptor& document) {
  if (!blobs.insert(document.digest).second) return;
  const bool known = media::is_index(document.media_type) ||
                     media::is_manifest(document.media_type);
  // Of an index, not every platform's image was fetched.
  if (!known || !store.has(document)) return;
  const auto read = parse_manifest_or_index(
      document.digest.str(), store.read_document(document),
      document.media_type);
  if (const auto* const index = std::get_if<Index>(&read)) {
    for (const Descriptor& manifest : index->manifests)
      add(store, manifest);
    return;
  }
  const auto& manifest = std::get<Manifest>(read);
  for (const Descriptor& layer : manifest.layers)
    blobs.insert(layer.digest);
  blobs.insert(manifest.config.digest);
  if (!media::is_config(manifest.config.media_type)) return;
  const auto config =
      ImageConfig::parse(manifest.config.digest.str(),
                         store.read_document(manifest.config));
  layers.insert(config.diff_ids.begin(), config.diff_ids.end());
}

void Needed::add(const Kept& record) {
  for (const Descriptor& blob : record.blobs) blobs.insert(blob.digest);
  layers.insert(record.layers.begin(), record.layers.end());
}

namespace {

std::uint64_t size_of(const UniqueFd& directory,
                      const std::string& name) {
  struct stat status {};
  if (::fstatat(directory.get(), name.c_str(), &status,
                AT_SYMLINK_NOFOLLOW) != 0)
    return 0;
  return static_cast<std::uint64_t>(status.st_size);
}

/// The digest that a file is named by.
std::optional<Digest> digest_of_name(const std::string& name) {
  return Digest::try_parse("sha256:" + name);
}

/// Takes images out of the index, and says which.
std::vector<StoredImage> drop_images(
    const Store& store, Prune prune,
    const std::vector<InUse>& running) {
  if (prune == Prune::none) return {};
  const auto in_use = [&](const Digest& image) {
    return std::any_of(
        running.begin(), running.end(), [&](const InUse& container) {
          return container.image && container.image->digest == image;
        });
  };
  std::vector<StoredImage> dropped;
  IndexChange change{store};
  std::erase_if(change.index().manifests, [&](const Descriptor& entry) {
    if (prune == Prune::dangling && name_of(entry)) return false;
    Summary summary = summarise(store, entry);
    if (in_use(entry.digest) ||
        (summary.manifest && in_use(*summary.manifest)))
      return false;
    dropped.push_back(std::move(summary.image));
    return true;
  });
  if (!dropped.empty()) change.save();
  return dropped;
}

Needed mark(const Store& store, const std::vector<InUse>& running) {
  Needed needed;
  try {
    for (const Descriptor& entry : read_index(store).manifests)
      needed.add(store, entry);
    for (const InUse& container : running) {
      needed.layers.insert(container.layers.begin(),
                           container.layers.end());
      if (container.image) needed.add(store, *container.image);
    }
    for (const Kept& record : kept_records(store).whole)
      needed.add(record);
  } catch (const Failure&) {
    std::throw_with_nested(
        Failure{"nothing is removed: what is needed cannot be told",
                Advice{.cure = "`system check` says what is damaged; "
                               "remove that image first (`rmi`)",
                       .chapter = 9,
                       .anchor = "ch09-prune"}});
  }
  return needed;
}

//! [sweep]
void sweep(const Store& store, const Needed& needed, Collected& gone) {
  for (const std::string& name : files::names_in(store.blobs())) {
    const auto digest = digest_of_name(name);
    if (!digest || needed.blobs.contains(*digest)) continue;
    gone.bytes += size_of(store.blobs(), name);
    files::remove_file(store.blobs(), name);
    gone.blobs.push_back(*digest);
  }
  for (const std::string& name : files::names_in(store.layers())) {
    const auto digest = digest_of_name(name);
    if (!digest || needed.layers.contains(*digest)) continue;
    if (const auto layer = find_unpacked(store, *digest))
      gone.bytes += layer->bytes;
    // Out of sight first: half a layer must not look like a whole one.
    const std::string dying = files::unique_name("gone-");
    files::rename({store.layers(), name, store.temporary(), dying});
    remove_any_tree(store.temporary(), dying);
    gone.layers.push_back(*digest);
  }
}
//! [sweep]

}  // namespace

std::optional<Collected> collect(Store& store, Prune prune,
                                 Store::Wait wait) {
  Collected gone;
  const bool done = store.alone(wait, [&] {
    const std::vector<InUse> running = containers_in_use(store);
    gone.images = drop_images(store, prune, running);
    sweep(store, mark(store, running), gone);
  });
  if (!done) return std::nullopt;
  return gone;
}

}  // namespace dockwright
