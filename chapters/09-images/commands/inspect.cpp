// `inspect`: all that is known of an image, in the shape in which Docker
// tells it, so that scripts find what they look for.

#include <memory>
#include <nlohmann/json.hpp>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/field_format.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/09-images/unpacked.hpp"

namespace dockwright {

using Json = nlohmann::ordered_json;

namespace {

struct InspectOptions {
  std::vector<std::string> names{};
  std::string format{};
  std::string platform{};
  std::string type{};
};

/// What the config says under `config`, with all that Docker always
/// prints; what we do not know stays as it is.
Json run_config(const Json& document) {
  Json config = {{"Cmd", nullptr},    {"Entrypoint", nullptr},
                 {"Env", nullptr},    {"ExposedPorts", nullptr},
                 {"Labels", nullptr}, {"StopSignal", ""},
                 {"User", ""},        {"Volumes", nullptr},
                 {"WorkingDir", ""}};
  if (const auto own = document.find("config");
      own != document.end() && own->is_object())
    for (const auto& [key, value] : own->items())
      if (!value.is_null()) config[key] = value;
  // Docker has no line for these where there is nothing to say.
  for (const char* const key : {"ExposedPorts", "Volumes"})
    if (config[key].is_null()) config.erase(key);
  if (config["StopSignal"] == "") config.erase("StopSignal");
  return config;
}

Json names(const std::vector<StoredImage>& images, const Digest& digest,
           bool with_digest) {
  Json list = Json::array();
  for (const StoredImage& image : images)
    if (image.name && image.descriptor.digest == digest)
      list.push_back(with_digest
                         ? fmt::format("{}@{}",
                                       image.name->familiar_name(),
                                       digest.str())
                         : image.name->familiar());
  return list;
}

/// Where the layers lie, the lowest first.
Json layer_directories(const Store& store, const Image& image) {
  Json places = Json::array();
  for (const Digest& layer : image.config.diff_ids)
    if (find_unpacked(store, layer))
      places.push_back(
          fmt::format("{}/layers/{}/fs", store.path(), layer.hex()));
  return places;
}

Json described(const Store& store, const StoredImage& found,
               const InspectOptions& options) {
  const Image image = load_image(store, found.descriptor,
                                 chosen_platform(options.platform));
  const JsonDocument document{
      image.manifest.config.digest.str(),
      store.read_document(image.manifest.config)};
  const Json raw = document.root().json();
  std::uint64_t bytes = 0;
  for (const std::uint64_t size : layer_sizes(store, image))
    bytes += size;
  Json layers = Json::array();
  for (const Digest& layer : image.config.diff_ids)
    layers.push_back(layer.str());
  const std::vector<StoredImage> all = store.images();
  const Digest& digest = found.descriptor.digest;
  Json json = {
      {"Id", image.manifest.config.digest.str()},
      {"RepoTags", names(all, digest, false)},
      {"RepoDigests", names(all, digest, true)},
      {"Parent", ""},
      {"Comment", image.config.history.empty()
                      ? ""
                      : image.config.history.back().comment},
      {"Created", image.config.created},
      {"Author", image.config.author},
      {"Config", run_config(raw)},
      {"Architecture", image.config.platform.architecture},
      {"Variant", image.config.platform.variant},
      {"Os", image.config.platform.os},
      {"Size", bytes},
      {"GraphDriver",
       {{"Name", "overlay"},
        {"Data", {{"Layers", layer_directories(store, image)}}}}},
      {"RootFS", {{"Type", "layers"}, {"Layers", layers}}},
      {"Descriptor",
       {{"mediaType", image.descriptor.media_type},
        {"digest", image.descriptor.digest.str()},
        {"size", image.descriptor.size}}}};
  if (image.config.platform.variant.empty()) json.erase("Variant");
  return json;
}

std::string dump(const Json& json) {
  constexpr int kIndent = 4;
  return json.dump(kIndent, ' ', false,
                   Json::error_handler_t::replace) +
         "\n";
}

/// All of them, then what is missing: what was found is told.
int inspect(const InspectOptions& options) {
  if (options.names.empty())
    throw Failure{"inspect is followed by the names of images"};
  if (!options.type.empty() && options.type != "image")
    throw Failure{
        fmt::format("--type {}: until chapter 13 there are images only",
                    options.type)};
  const Store store = Store::open();
  std::vector<std::string> absent;
  Json list = Json::array();
  for (const std::string& name : options.names)
    if (const auto found = store.find(name))
      list.push_back(described(store, *found, options));
    else
      absent.push_back(name);
  if (options.format.empty() || options.format == "json") {
    print(options.format.empty() ? dump(list) : list.dump() + "\n");
  } else {
    const FieldFormat format{options.format};
    for (const Json& image : list) print(format.of(image) + "\n");
  }
  if (!absent.empty()) {
    static_cast<void>(need_image(store, absent.front()));
    return 1;
  }
  return 0;
}

}  // namespace

cli::Command inspect_command(const char* name) {
  return {.name = name,
          .about = "Print all that is known of images, as JSON",
          .chapter = 9,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<InspectOptions>();
            options.words(asked->names, "IMAGE...", "The images");
            options.value("-f,--format", asked->format, "FORMAT",
                          "json, or a template: '{{json .Config}}'");
            options.value("--platform", asked->platform,
                          "OS/ARCHITECTURE",
                          "Of which of the image's platforms");
            options.value("--type", asked->type, "TYPE", "image");
            return [asked] { return inspect(*asked); };
          }};
}

}  // namespace dockwright
