#include "chapters/09-images/loading.hpp"

#include "chapters/08-layers/compression.hpp"
#include "chapters/09-images/made_image.hpp"
#include "chapters/09-images/media_types.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr const char* kDockerList = "manifest.json";
constexpr const char* kOciList = "index.json";
constexpr const char* kName = "io.containerd.image.name";
constexpr const char* kTag = "org.opencontainers.image.ref.name";
constexpr int kDeepest = 4;

// Docker's

/// The digest of a packed layer when it is plain.
Digest diff_id_of(const Store& store, const Descriptor& layer) {
  HashingSource plain{decompressed(
      std::make_unique<FileSource>(store.open_blob(layer)))};
  while (!plain.next().empty()) {
  }
  return plain.digest();
}

std::string_view media_type_of(Compression kind) {
  return kind == Compression::gzip   ? media::kLayerGzip
         : kind == Compression::zstd ? media::kLayerZstd
                                     : media::kLayer;
}

Descriptor docker_layer(const Store& store, ImageFiles& files,
                        const std::string& name,
                        const Digest& diff_id) {
  const StoredFile file = files.store_file(name);
  Descriptor layer{
      .media_type = std::string{media_type_of(file.compression)},
      .digest = file.digest,
      .size = file.size};
  const Digest found = file.compression == Compression::none
                           ? file.digest
                           : diff_id_of(store, layer);
  if (found != diff_id)
    throw Failure{fmt::format(
        "{} is damaged: the image's config says that it is {}, and it "
        "is {}",
        name, diff_id.str(), found.str())};
  return layer;
}

LoadedImage load_docker_image(const Store& store, ImageFiles& files,
                              const JsonNode& entry) {
  const std::string config_name = entry.at("Config").text();
  const std::string text = files.document(config_name);
  const ImageConfig config = ImageConfig::parse(config_name, text);
  const std::vector<std::string> layers = entry.texts_of("Layers");
  if (layers.size() != config.diff_ids.size())
    entry.fail(fmt::format("{} layers, and {} names {}", layers.size(),
                           config_name, config.diff_ids.size()));
  Manifest manifest{.media_type = std::string{media::kManifest},
                    .config = store.add_document(media::kConfig, text)};
  for (std::size_t i = 0; i < layers.size(); ++i)
    manifest.layers.push_back(
        docker_layer(store, files, layers[i], config.diff_ids[i]));
  LoadedImage image{
      store.add_document(media::kManifest, manifest.to_json())};
  for (const std::string& name : entry.texts_of("RepoTags"))
    image.names.push_back(Reference::parse(name));
  return image;
}

std::vector<LoadedImage> load_docker(const Store& store,
                                     ImageFiles& files) {
  const JsonDocument list{kDockerList, files.document(kDockerList)};
  std::vector<LoadedImage> images;
  for (const JsonNode& entry : list.root().items())
    images.push_back(load_docker_image(store, files, entry));
  return images;
}

// OCI's

std::string place_of(const Digest& digest) {
  return "blobs/sha256/" + digest.hex();
}

/// Stores a document and all that it names. Of an index, what is not
/// there is left out, as other tools leave out platforms.
class OciLoad {
 public:
  explicit OciLoad(ImageFiles& files) : files_{files} {}

  void document(const Descriptor& at, int depth = 0) {
    if (depth > kDeepest)
      throw Failure{fmt::format("{}: too many indexes in each other",
                                at.digest.str())};
    const std::string place = place_of(at.digest);
    const std::string text = files_.document(place);
    // Stored first: its digest is checked before anything believes it.
    blob(at);
    const auto parsed =
        parse_manifest_or_index(place, text, at.media_type);
    if (const auto* const manifest = std::get_if<Manifest>(&parsed)) {
      blob(manifest->config);
      for (const Descriptor& layer : manifest->layers) blob(layer);
      ++images_;
      return;
    }
    for (const Descriptor& next : std::get<Index>(parsed).manifests)
      if (files_.has(place_of(next.digest))) document(next, depth + 1);
  }

  [[nodiscard]] int images() const noexcept { return images_; }

 private:
  void blob(const Descriptor& at) {
    static_cast<void>(files_.store_file(place_of(at.digest), &at));
  }

  ImageFiles& files_;
  int images_ = 0;
};

std::string annotation(const Descriptor& entry, const char* key) {
  const auto found = entry.annotations.find(key);
  return found == entry.annotations.end() ? "" : found->second;
}

/// How an image is called: whole by containerd, in short by the others.
/// Docker's short form is the tag alone. Whoever gives an image another
/// name may change only one of the two: OCI's own.
std::optional<Reference> name_of(const Descriptor& entry) {
  const std::string short_name = annotation(entry, kTag);
  const auto whole = Reference::try_parse(annotation(entry, kName));
  if (whole && (short_name.empty() || whole->tag() == short_name))
    return whole;
  return Reference::try_parse(short_name);
}

/// An index's entry for one platform, if that was asked for.
Descriptor chosen(const Store& store, const Descriptor& entry,
                  const std::optional<Platform>& platform) {
  if (!platform || !media::is_index(entry.media_type)) return entry;
  return load_image(store, entry, *platform).descriptor;
}

std::vector<LoadedImage> load_oci(
    const Store& store, ImageFiles& files,
    const std::optional<Platform>& platform) {
  const Index index = parse_index(kOciList, files.document(kOciList));
  std::vector<LoadedImage> images;
  for (const Descriptor& entry : index.manifests) {
    OciLoad load{files};
    load.document(entry);
    if (load.images() == 0)
      throw Failure{fmt::format("{}: none of its images is there",
                                entry.digest.str())};
    Descriptor image = chosen(store, entry, platform);
    image.annotations.clear();
    LoadedImage loaded{std::move(image)};
    if (auto name = name_of(entry))
      loaded.names.push_back(*std::move(name));
    images.push_back(std::move(loaded));
  }
  return images;
}

std::vector<LoadedImage> load_all(
    const Store& store, ImageFiles& files,
    const std::optional<Platform>& platform) {
  if (files.has("oci-layout") && files.has(kOciList))
    return load_oci(store, files, platform);
  if (files.has(kDockerList)) return load_docker(store, files);
  throw Failure{
      "no archive of images: neither manifest.json (Docker's) nor "
      "oci-layout and index.json (OCI's) are in it",
      Advice{
          .cure = "an archive of *files* becomes an image by `import`",
          .chapter = 9,
          .anchor = "ch09-load"}};
}

}  // namespace

std::vector<LoadedImage> load_images(
    const Store& store, ImageFiles& files,
    const std::optional<Platform>& platform) {
  const std::vector<LoadedImage> images =
      load_all(store, files, platform);
  for (const LoadedImage& image : images) {
    if (image.names.empty()) store.keep(image.descriptor);
    for (const Reference& name : image.names)
      store.tag(name, image.descriptor);
  }
  return images;
}

}  // namespace dockwright
