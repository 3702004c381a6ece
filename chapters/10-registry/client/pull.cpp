#include "chapters/10-registry/client/pull.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "chapters/09-images/image_config.hpp"
#include "chapters/09-images/manifest.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/10-registry/client/layers.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

constexpr std::uint64_t kLargestConfig = 4U << 20;
constexpr int kDeepest = 4;  ///< Indexes in each other.

/// A blob that is small enough to be kept in memory.
class TextSink : public BlobSink {
 public:
  void write(std::string_view bytes) override { text_ += bytes; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// The documents of one image, from what the name stands for down to
/// its manifest and its config.
struct Documents {
  std::vector<FetchedDocument> path{};  ///< The named one first.
  Manifest manifest;
  std::string config{};  ///< Its text.
};

std::string reference_of(const Reference& name) {
  return name.digest() ? name.digest()->str()
                       : name.tag().value_or("latest");
}

Manifest fetch_manifest(Repository& repository, FetchedDocument first,
                        const Platform& platform, Documents& found) {
  FetchedDocument document = std::move(first);
  for (int depth = 0;; ++depth) {
    found.path.push_back(document);
    const std::string name = document.descriptor.digest.str();
    auto read = parse_manifest_or_index(name, document.text,
                                        document.descriptor.media_type);
    if (auto* const manifest = std::get_if<Manifest>(&read))
      return std::move(*manifest);
    if (depth >= kDeepest)
      throw Failure{fmt::format(
          "{}: more than {} indexes in each other", name, kDeepest)};
    because("an index is a choice: this machine takes its own");
    const Descriptor chosen = std::get<Index>(read).choose(platform);
    document = repository.document(chosen.digest.str(), chosen);
  }
}

std::string fetch_config(Repository& repository, const Store& store,
                         const Descriptor& config) {
  if (store.has(config)) return store.read_document(config);
  if (config.size > kLargestConfig)
    throw Failure{
        fmt::format("the config {} has {} bytes, and the limit is {}",
                    config.digest.str(), config.size, kLargestConfig)};
  TextSink sink;
  repository.fetch_blob(config, sink);
  std::string text = sink.take();
  if (const Digest came = Digest::of(text); came != config.digest)
    throw Failure{fmt::format(
        "the config of {}: what came is {}, and the manifest says {}",
        repository.name(), came.str(), config.digest.str())};
  return text;
}

/// Each layer once, in order; with its diff ID where the config is one
/// of an image.
std::vector<WantedLayer> wanted_layers(const Documents& documents) {
  const Manifest& manifest = documents.manifest;
  std::vector<Digest> diff_ids;
  if (media::is_config(manifest.config.media_type)) {
    const std::string name = manifest.config.digest.str();
    diff_ids = ImageConfig::parse(name, documents.config).diff_ids;
    if (diff_ids.size() != manifest.layers.size())
      throw Failure{fmt::format(
          "the manifest has {} layers, and its config {} names {}",
          manifest.layers.size(), name, diff_ids.size())};
  }
  std::vector<WantedLayer> wanted;
  for (std::size_t i = 0; i < manifest.layers.size(); ++i) {
    WantedLayer layer{.blob = manifest.layers[i]};
    if (!diff_ids.empty() && media::is_layer(layer.blob.media_type))
      layer.diff_id = diff_ids[i];
    const bool known = std::any_of(
        wanted.begin(), wanted.end(), [&](const WantedLayer& other) {
          return other.blob.digest == layer.blob.digest;
        });
    if (!known) wanted.push_back(std::move(layer));
  }
  return wanted;
}

bool all_there(const Store& store,
               const std::vector<WantedLayer>& layers) {
  return std::all_of(
      layers.begin(), layers.end(),
      [&](const WantedLayer& layer) { return is_there(store, layer); });
}

}  // namespace

//! [pull_image]
Pulled pull_image(Session& session, const Store& store,
                  const Reference& name, const PullOptions& options) {
  Progress progress{STDOUT_FILENO, options.quiet};
  Connection connection{
      session, {}, [&](Milliseconds wait) {
        progress.say(
            fmt::format("Retrying in {:.1f} s",
                        static_cast<double>(wait.count()) / 1000));
      }};
  Repository repository{connection, name.repository(),
                        pull_scope(name.repository())};
  because("what does the registry have under this name?");
  FetchedDocument named = repository.document(reference_of(name));
  progress.say(fmt::format("{}: Pulling from {}", reference_of(name),
                           name.familiar_name()));
  Documents documents{
      .manifest = {.config = named.descriptor}};  // to be replaced
  documents.manifest = fetch_manifest(repository, std::move(named),
                                      options.platform, documents);
  documents.config =
      fetch_config(repository, store, documents.manifest.config);
  const auto layers = wanted_layers(documents);
  const Descriptor image = documents.path.front().descriptor;
  const auto before = store.find(name.str());
  const bool known =
      before && before->descriptor.digest == image.digest;
  if (!all_there(store, layers))
    fetch_layers(session, store, name.repository(), layers,
                 options.at_once, progress);
  // Beyond this point every byte of the image is here, and checked.
  store.add_document(documents.manifest.config.media_type,
                     documents.config);
  for (auto each = documents.path.rbegin();
       each != documents.path.rend(); ++each)
    store.add_document(each->descriptor.media_type, each->text);
  if (!known) store.tag(name, image);
  return {.image = image, .news = !known};
}
//! [pull_image]

}  // namespace dockwright
