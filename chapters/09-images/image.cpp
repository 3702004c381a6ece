// An image, from its descriptor down: each document is found by the
// digest that the one above it names, and what they say of each other
// must fit.

#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/store.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// An index may list an index; one that lists itself cannot be made,
/// for it would have to hold its own digest.
constexpr int kDeepest = 4;

std::string name_for(const Descriptor& document) {
  return document.digest.str();
}

ImageConfig load_config(const Store& store, const Manifest& manifest,
                        const Descriptor& descriptor) {
  if (!media::is_config(manifest.config.media_type))
    throw Failure{fmt::format(
        "{} is no image that can be run, but an artifact: its config "
        "is {}",
        name_for(descriptor), manifest.config.media_type)};
  ImageConfig config = ImageConfig::parse(
      name_for(manifest.config), store.read_document(manifest.config));
  if (config.diff_ids.size() != manifest.layers.size())
    throw Failure{
        fmt::format("{} has {} layers, and its config {} names {}",
                    name_for(descriptor), manifest.layers.size(),
                    name_for(manifest.config), config.diff_ids.size())};
  return config;
}

Image load(const Store& store, const Descriptor& descriptor,
           const Platform& platform, int depth) {
  auto document = parse_manifest_or_index(
      name_for(descriptor), store.read_document(descriptor),
      descriptor.media_type);
  if (const auto* const index = std::get_if<Index>(&document)) {
    if (depth >= kDeepest)
      throw Failure{
          fmt::format("{}: more than {} indexes in each other",
                      name_for(descriptor), kDeepest)};
    return load(store, index->choose(platform), platform, depth + 1);
  }
  auto& manifest = std::get<Manifest>(document);
  ImageConfig config = load_config(store, manifest, descriptor);
  return {descriptor, std::move(manifest), std::move(config)};
}

}  // namespace

Image load_image(const Store& store, const Descriptor& descriptor,
                 const Platform& platform) {
  return load(store, descriptor, platform, 0);
}

}  // namespace dockwright
