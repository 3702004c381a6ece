// `image tree`: which images share which layers, and what that saves.

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/image_tree.hpp"
#include "chapters/09-images/print.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

struct TreeOptions {
  std::vector<std::string> names{};
  std::string format = "tree";
};

/// How each layer was made, the lowest first, as far as the history
/// says so.
std::vector<std::string> makers_of(const Image& image) {
  std::vector<std::string> makers;
  for (const History& step : image.config.history)
    if (!step.empty_layer)
      makers.push_back(step.created_by.empty() ? step.comment
                                               : step.created_by);
  makers.resize(image.config.diff_ids.size());
  return makers;
}

ImageLayers layers_of(const Store& store, const StoredImage& found) {
  const Image image =
      load_image(store, found.descriptor, Platform::of_this_machine());
  const std::vector<std::uint64_t> sizes = layer_sizes(store, image);
  const std::vector<std::string> makers = makers_of(image);
  ImageLayers layers{.name = shown(found)};
  for (std::size_t i = 0; i < sizes.size(); ++i)
    layers.layers.push_back({.diff_id = image.config.diff_ids[i],
                             .bytes = sizes[i],
                             .made_by = makers[i]});
  return layers;
}

/// Whether the terminal, or who reads us, takes UTF-8.
bool takes_unicode() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* const value = std::getenv(name);
        value != nullptr && *value != '\0') {
      const std::string_view text = value;
      return text.find("UTF-8") != std::string_view::npos ||
             text.find("utf8") != std::string_view::npos;
    }
  return false;
}

int tree(const TreeOptions& options) {
  if (options.format != "tree" && options.format != "json")
    throw Failure{
        fmt::format("--format {}: it is tree or json", options.format)};
  const Store store = Store::open();
  std::vector<StoredImage> found;
  for (const std::string& name : options.names)
    found.push_back(need_image(store, name));
  if (options.names.empty()) found = store.images();
  std::vector<ImageLayers> images;
  for (const StoredImage& image : found)
    if (image.id) images.push_back(layers_of(store, image));
  const std::vector<LayerNode> nodes = image_tree(images);
  print(options.format == "json"
            ? tree_json(nodes).dump(
                  2, ' ', false,
                  nlohmann::ordered_json::error_handler_t::replace) +
                  "\n"
            : draw(nodes, {.columns = terminal::width(STDOUT_FILENO),
                           .unicode = takes_unicode()}));
  return 0;
}

}  // namespace

cli::Command tree_command(const char* name) {
  return {.name = name,
          .about = "Show which images share which layers",
          .chapter = 9,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<TreeOptions>();
            options.words(asked->names, "[IMAGE...]",
                          "Only these (default: all)");
            options.value("--format", asked->format, "tree|json",
                          "A drawing (default), or JSON");
            return [asked] { return tree(*asked); };
          }};
}

}  // namespace dockwright
