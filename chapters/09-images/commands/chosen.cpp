#include "chapters/09-images/commands/chosen.hpp"

#include "chapters/09-images/unpacked.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/nearest.hpp"

namespace dockwright {

StoredImage need_image(const Store& store, const std::string& name) {
  if (auto found = store.find(name)) return std::move(*found);
  const auto reference = Reference::try_parse(name);
  throw Failure{
      fmt::format("No such image: {}{}",
                  reference ? reference->familiar() : name,
                  nearest_image(store, name)),
      Advice{.cause = "the store holds no image of that name or ID",
             .cure =
                 "see what there is by `images`; `load` or `import` "
                 "bring one from an archive",
             .chapter = 9,
             .anchor = "ch09-store"}};
}

std::string nearest_image(const Store& store, const std::string& name) {
  std::vector<std::string> known;
  for (const StoredImage& image : store.images())
    if (image.name) {
      known.push_back(image.name->familiar());
      known.push_back(image.name->familiar_name());
    }
  return did_you_mean(name, known);
}

Store open_store_to_remove() {
  // Root, even of a namespace, would look elsewhere.
  const std::string root = default_store_root();
  become_root_of_user_namespace();
  return Store::open({.root = root});
}

std::vector<std::string> names_of(std::span<const StoredImage> images,
                                  const Digest& manifest) {
  std::vector<std::string> names;
  for (const StoredImage& image : images)
    if (image.name && image.descriptor.digest == manifest)
      names.push_back(image.name->familiar());
  return names;
}

Platform chosen_platform(const std::string& asked) {
  return asked.empty() ? Platform::of_this_machine()
                       : Platform::parse(asked);
}

std::string shown(const StoredImage& image) {
  if (image.name) return image.name->familiar();
  return std::string{
      image.id.value_or(image.descriptor.digest).short_hex()};
}

std::vector<std::uint64_t> layer_sizes(const Store& store,
                                       const Image& image) {
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < image.manifest.layers.size(); ++i) {
    const auto unpacked =
        find_unpacked(store, image.config.diff_ids.at(i));
    sizes.push_back(unpacked ? unpacked->bytes
                             : image.manifest.layers[i].size);
  }
  return sizes;
}

void expect_words(const std::vector<std::string>& words,
                  std::size_t least, std::size_t most,
                  std::string_view usage) {
  if (words.size() >= least && words.size() <= most) return;
  throw Failure{fmt::format("{} words, and this is written: {}",
                            words.size(), usage)};
}

}  // namespace dockwright
