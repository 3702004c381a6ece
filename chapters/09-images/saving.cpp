#include "chapters/09-images/saving.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>

#include "chapters/09-images/media_types.hpp"
#include "common/check.hpp"

namespace dockwright {

using Json = nlohmann::ordered_json;

namespace {

constexpr const char* kName = "io.containerd.image.name";
constexpr const char* kTag = "org.opencontainers.image.ref.name";

std::string place_of(const Digest& digest) {
  return "blobs/sha256/" + digest.hex();
}

std::string_view media_type_of(Compression kind) {
  return kind == Compression::gzip   ? media::kLayerGzip
         : kind == Compression::zstd ? media::kLayerZstd
                                     : media::kLayer;
}

/// A file that has no name, and is gone when it is closed.
UniqueFd nameless_file(const Store& store) {
  return UniqueFd{check(::openat(store.temporary().get(), ".",
                                 O_TMPFILE | O_RDWR | O_CLOEXEC, 0600),
                        "make a file to pack a layer into")};
}

/// Pieces of one file, from its beginning, read by number: the file is
/// written and read through one descriptor.
class Reread : public Source {
 public:
  explicit Reread(const UniqueFd& file) : file_{file} {}
  std::string_view next() override {
    block_.resize(1U << 20U);
    const auto size = check(retry([&] {
                              return ::pread(file_.get(), block_.data(),
                                             block_.size(), place_);
                            }),
                            "read a layer that was packed");
    place_ += size;
    return std::string_view{block_}.substr(
        0, static_cast<std::size_t>(size));
  }

 private:
  const UniqueFd& file_;
  std::string block_{};
  off_t place_ = 0;
};

class Saver {
 public:
  Saver(const Store& store, Destination& to, const SaveOptions& options)
      : store_{store}, to_{to}, options_{options} {}

  void image(const ImageToSave& image) {
    const bool as_it_is = !options_.compression && !options_.platform;
    if (as_it_is) {
      document(image.descriptor);
      list(image.descriptor, image.names);
    } else {
      list(repacked(load(image)), image.names);
    }
    if (options_.for_docker) note_for_docker(image);
  }

  void finish() {
    to_.add("oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
    to_.add("index.json",
            Index{.media_type = std::string{media::kIndex},
                  .manifests = entries_}
                .to_json());
    if (options_.for_docker)
      to_.add("manifest.json", write_json(docker_) + "\n");
    to_.finish();
  }

 private:
  [[nodiscard]] Image load(const ImageToSave& image) const {
    return load_image(
        store_, image.descriptor,
        options_.platform.value_or(Platform::of_this_machine()));
  }

  /// A manifest or an index with all below it that is in the store.
  void document(const Descriptor& at) {
    const std::string text = store_.read_document(at);
    const auto parsed =
        parse_manifest_or_index(at.digest.str(), text, at.media_type);
    if (const auto* const index = std::get_if<Index>(&parsed)) {
      for (const Descriptor& next : index->manifests)
        if (store_.has(next)) document(next);
    } else {
      const auto& manifest = std::get<Manifest>(parsed);
      blob(manifest.config);
      for (const Descriptor& layer : manifest.layers) blob(layer);
    }
    if (!to_.has(place_of(at.digest)))
      to_.add(place_of(at.digest), text);
  }

  void blob(const Descriptor& at) {
    if (to_.has(place_of(at.digest))) return;
    FileSource source{store_.open_blob(at), at.digest.str()};
    to_.add(place_of(at.digest), at.size, source);
  }

  /// The image with its layers in the compression that was asked for.
  Descriptor repacked(const Image& image) {
    Manifest manifest = image.manifest;
    blob(manifest.config);
    bool changed = false;
    for (Descriptor& layer : manifest.layers) {
      Descriptor packed = repacked_layer(layer);
      changed = changed || packed.digest != layer.digest;
      if (packed.digest != layer.digest) layer = std::move(packed);
    }
    if (changed) {
      manifest.media_type = media::kManifest;
      manifest.config.media_type =
          media::as_oci(manifest.config.media_type);
      for (Descriptor& layer : manifest.layers)
        layer.media_type = media::as_oci(layer.media_type);
    }
    // Unchanged, it is written as it came: its digest is of its bytes.
    const std::string text =
        changed ? manifest.to_json()
                : store_.read_document(image.descriptor);
    Descriptor result = Descriptor::of(manifest.media_type, text);
    if (!to_.has(place_of(result.digest)))
      to_.add(place_of(result.digest), text);
    return result;
  }

  Descriptor repacked_layer(const Descriptor& layer) {
    if (const auto known = packed_.find(layer.digest);
        known != packed_.end())
      return known->second;
    PeekedSource source{
        std::make_unique<FileSource>(store_.open_blob(layer))};
    const Compression wanted =
        options_.compression.value_or(detect(source.peek()));
    Descriptor result = layer;
    if (detect(source.peek()) == wanted)
      blob(layer);
    else
      result = pack(layer, wanted);
    packed_.emplace(layer.digest, result);
    return result;
  }

  Descriptor pack(const Descriptor& layer, Compression wanted) {
    const auto plain = decompressed(
        std::make_unique<FileSource>(store_.open_blob(layer)));
    const UniqueFd file = nameless_file(store_);
    FileSink bytes{file, "a packed layer"};
    HashingSink hashed{bytes};
    const auto packer = compressed(hashed, wanted);
    copy(*plain, *packer);
    packer->finish();
    Descriptor result{.media_type = std::string{media_type_of(wanted)},
                      .digest = hashed.digest(),
                      .size = hashed.bytes()};
    if (!to_.has(place_of(result.digest))) {
      Reread again{file};
      to_.add(place_of(result.digest), result.size, again);
    }
    return result;
  }

  void list(const Descriptor& image,
            const std::vector<Reference>& names) {
    Descriptor entry{.media_type = image.media_type,
                     .digest = image.digest,
                     .size = image.size};
    if (names.empty()) entries_.push_back(entry);
    for (const Reference& name : names) {
      entry.annotations = {{kName, name.str()},
                           {kTag, name.familiar()}};
      entries_.push_back(entry);
    }
  }

  void note_for_docker(const ImageToSave& image) {
    const Image whole = load(image);
    Json tags = Json::array();
    for (const Reference& name : image.names)
      tags.push_back(name.familiar());
    Json layers = Json::array();
    for (const Descriptor& layer : whole.manifest.layers)
      layers.push_back(place_of(repacked_layer(layer).digest));
    docker_.push_back(
        {{"Config", place_of(whole.manifest.config.digest)},
         {"RepoTags", tags},
         {"Layers", layers}});
  }

  const Store& store_;
  Destination& to_;
  const SaveOptions& options_;
  std::map<Digest, Descriptor> packed_{};
  std::vector<Descriptor> entries_{};
  Json docker_ = Json::array();
};

}  // namespace

void save_images(const Store& store,
                 const std::vector<ImageToSave>& images,
                 Destination& to, const SaveOptions& options) {
  Saver saver{store, to, options};
  for (const ImageToSave& image : images) saver.image(image);
  saver.finish();
}

}  // namespace dockwright
