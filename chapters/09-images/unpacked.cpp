#include "chapters/09-images/unpacked.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chapters/08-layers/layer_apply.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

constexpr const char* kTree = "fs";
constexpr const char* kMark = "mark";
constexpr std::size_t kLargestMark = 4096;

std::string mark_text(const UnpackedLayer& layer) {
  return write_json({{"version", 1},
                     {"diff_id", layer.diff_id.str()},
                     {"blob", layer.blob.str()},
                     {"bytes", layer.bytes},
                     {"entries", layer.entries},
                     {"rootless", layer.rootless}});
}

UnpackedLayer parse_mark(const std::string& name,
                         const std::string& text) {
  const JsonDocument document{name, text};
  const JsonNode root = document.root();
  if (root.at("version").number() != 1)
    root.fail("the mark of another version of the store");
  return {.diff_id = digest_from_json(root.at("diff_id")),
          .blob = digest_from_json(root.at("blob")),
          .bytes = root.at("bytes").number(),
          .entries = root.at("entries").number(),
          .rootless = root.at("rootless").boolean()};
}

ApplyOptions apply_options(const ArchiveLimits& limits) {
  const Root root = root_of();
  return {.whiteouts = root == Root::of_machine ? Whiteouts::trusted
                                                : Whiteouts::user,
          .limits = limits,
          .owners = root != Root::of_one};
}

/// A layer in tmp/, gone with its owner unless it was published.
class HalfMadeLayer {
 public:
  explicit HalfMadeLayer(const Store& store)
      : store_{store},
        name_{files::unique_name("layer-")},
        directory_{files::directory_at(store.temporary(), name_, 0700)},
        tree_{files::directory_at(directory_, kTree, 0755)} {}
  HalfMadeLayer(HalfMadeLayer&&) = delete;
  ~HalfMadeLayer() {
    try {
      files::remove_tree(store_.temporary(), name_);
    } catch (const SystemCallError&) {
      // The next command removes it.
    }
  }
  [[nodiscard]] const UniqueFd& tree() const noexcept { return tree_; }

  /// Takes a tree that is whole already in the place of the empty one.
  void take(const ReadyTree& ready) const {
    files::rename({ready.parent, ready.name, directory_, kTree});
  }
  void publish(const UnpackedLayer& layer) const;

 private:
  const Store& store_;
  std::string name_;
  UniqueFd directory_;
  UniqueFd tree_;
};

void HalfMadeLayer::publish(const UnpackedLayer& layer) const {
  files::write_all(files::create_at(directory_, kMark, 0600),
                   mark_text(layer), kMark);
  if (store_.durability() == files::Durability::durable) {
    because("a power cut must not leave a layer with empty files");
    files::sync_file_system(directory_, "the layer");
  }
  const std::string& hex = layer.diff_id.hex();
  const auto become = [&] {
    return files::rename_new(
        {store_.temporary(), name_, store_.layers(), hex});
  };
  if (become() || find_unpacked(store_, layer.diff_id)) return;
  // What stands there is no layer; it makes room.
  const std::string other = files::unique_name("broken-");
  files::rename({store_.layers(), hex, store_.temporary(), other});
  ignore(become(), "somebody else may have been faster, with the same");
  files::remove_tree(store_.temporary(), other);
}

void check_diff_id(const AppliedLayer& layer, const Descriptor& blob,
                   const Digest& diff_id) {
  if (layer.diff_id == diff_id) return;
  throw Failure{
      fmt::format("layer {} unpacks to {}, and the image's config says "
                  "{}",
                  blob.digest.str(), layer.diff_id.str(),
                  diff_id.str()),
      Advice{.cause =
                 "the manifest and the config of this image do not "
                 "belong together",
             .cure = "get the image again, or from elsewhere",
             .chapter = 9,
             .anchor = "ch09-digests"}};
}

void check_blob(const AppliedLayer& layer, const Descriptor& blob) {
  if (layer.blob_digest == blob.digest) return;
  throw Failure{
      fmt::format("blob {} is damaged: its bytes have another digest",
                  blob.digest.str()),
      Advice{.cause = "the disk, or somebody who wrote into the store",
             .cure = "`system check` tells what else is; remove the "
                     "image and get it again",
             .chapter = 9,
             .anchor = "ch09-digests"}};
}

UnpackedLayer mark_of(const AppliedLayer& layer,
                      const ApplyOptions& options) {
  return {.diff_id = layer.diff_id,
          .blob = layer.blob_digest,
          .bytes = layer.content_bytes,
          .entries = layer.entries,
          .rootless = options.whiteouts == Whiteouts::user};
}

/// Passes on what arrives, and keeps it as a blob.
class Keeping : public Source {
 public:
  Keeping(std::unique_ptr<Source> from, BlobWriter& blob)
      : from_{std::move(from)}, blob_{blob} {}
  std::string_view next() override {
    const std::string_view bytes = from_->next();
    blob_.write_unhashed(bytes);
    return bytes;
  }

 private:
  std::unique_ptr<Source> from_;
  BlobWriter& blob_;
};

//! [unpack]
void unpack(const Store& store, const Descriptor& blob,
            const Digest& diff_id, const ArchiveLimits& limits) {
  because(
      "unpacking takes threads, and who starts a container has one");
  apart_as_root([&] {
    const HalfMadeLayer layer{store};
    const ApplyOptions options = apply_options(limits);
    const AppliedLayer applied = apply_layer(
        std::make_unique<FileSource>(store.open_blob(blob),
                                     "blob " + blob.digest.str()),
        layer.tree(), options);
    check_blob(applied, blob);
    check_diff_id(applied, blob, diff_id);
    layer.publish(mark_of(applied, options));
  });
}
//! [unpack]

UniqueFd open_tree(const Store& store, const UnpackedLayer& layer) {
  if (layer.rootless != (root_of() != Root::of_machine))
    throw Failure{fmt::format(
        "the layers in {} were unpacked {} root, and overlay reads "
        "their whiteouts only there",
        store.path(), layer.rootless ? "without" : "by")};
  return UniqueFd{check_call(
      "openat",
      ::openat(store.layers().get(),
               (layer.diff_id.hex() + "/" + kTree).c_str(),
               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
      "open the layer {}", layer.diff_id.str())};
}

}  // namespace

std::optional<UnpackedLayer> find_unpacked(const Store& store,
                                           const Digest& diff_id) {
  const std::string name = diff_id.hex() + "/" + kMark;
  const auto text = files::read_at(store.layers(), name, kLargestMark);
  if (!text) return std::nullopt;
  try {
    auto layer = parse_mark(store.path() + "/layers/" + name, *text);
    if (layer.diff_id == diff_id) return layer;
  } catch (const Failure&) {
    // It is unpacked again; `system check` tells of it.
  }
  return std::nullopt;
}

UniqueFd unpacked_layer(const Store& store, const Descriptor& blob,
                        const Digest& diff_id,
                        const ArchiveLimits& limits) {
  auto layer = find_unpacked(store, diff_id);
  if (!layer) {
    unpack(store, blob, diff_id, limits);
    layer = find_unpacked(store, diff_id);
  }
  if (!layer)
    throw Failure{
        fmt::format("the layer {} is gone again", diff_id.str())};
  return open_tree(store, *layer);
}

std::vector<std::size_t> distinct_layers(
    const std::vector<Digest>& diff_ids) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < diff_ids.size(); ++i)
    if (std::find(diff_ids.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  diff_ids.end(), diff_ids[i]) == diff_ids.end())
      numbers.push_back(i);
  return numbers;
}

std::vector<UniqueFd> unpacked_layers(const Store& store,
                                      const Image& image,
                                      const ArchiveLimits& limits) {
  std::vector<UniqueFd> layers;
  for (const std::size_t i : distinct_layers(image.config.diff_ids))
    layers.push_back(unpacked_layer(store, image.manifest.layers[i],
                                    image.config.diff_ids[i], limits));
  return layers;
}

void receive_layer(const Store& store, std::unique_ptr<Source> arriving,
                   const Descriptor& blob, const Digest& diff_id,
                   const ArchiveLimits& limits) {
  const HalfMadeLayer layer{store};
  const ApplyOptions options = apply_options(limits);
  BlobWriter kept = store.new_blob(blob);
  const AppliedLayer applied =
      apply_layer(std::make_unique<Keeping>(std::move(arriving), kept),
                  layer.tree(), options);
  kept.check(applied.blob_digest);
  check_diff_id(applied, blob, diff_id);
  kept.commit_as(applied.blob_digest);
  layer.publish(mark_of(applied, options));
}

void adopt_unpacked(const Store& store, const ReadyTree& tree,
                    const UnpackedLayer& layer) {
  if (find_unpacked(store, layer.diff_id)) return;
  const HalfMadeLayer made{store};
  made.take(tree);
  made.publish(layer);
}

}  // namespace dockwright
