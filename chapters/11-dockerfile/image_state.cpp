#include "chapters/11-dockerfile/image_state.hpp"

#include <algorithm>

#include "chapters/09-images/media_types.hpp"

namespace dockwright {

namespace {

/// Docker notes by what a step was made; people look for it.
constexpr const char* kComment = "buildkit.dockerfile.v0";

bool is_named(const std::string& entry, std::string_view name) {
  return entry.size() > name.size() && entry.starts_with(name) &&
         entry[name.size()] == '=';
}

}  // namespace

VariableLookup ImageState::variables() const {
  return [this](std::string_view name) -> std::optional<std::string> {
    if (auto value = variable_in(config.config.env, name)) return value;
    const auto found = arguments.find(name);
    if (found == arguments.end()) return std::nullopt;
    return found->second;
  };
}

std::vector<std::string> ImageState::shell() const {
  if (!config.config.shell.empty()) return config.config.shell;
  return {"/bin/sh", "-c"};
}

std::string ImageState::workdir() const {
  const std::string& directory = config.config.working_dir;
  return directory.empty() ? "/" : directory;
}

void ImageState::add_layer(const BuiltLayer& layer,
                           std::string created_by) {
  layers.push_back(layer.blob);
  config.diff_ids.push_back(layer.diff_id);
  newest = std::max(newest, layer.newest);
  config.created = format_time(epoch.value_or(newest));
  config.history.push_back({.created = config.created,
                            .created_by = std::move(created_by),
                            .comment = kComment});
}

void ImageState::add_change(std::string created_by) {
  config.created = format_time(epoch.value_or(newest));
  config.history.push_back({.created = config.created,
                            .created_by = std::move(created_by),
                            .comment = kComment,
                            .empty_layer = true});
}

ImageState state_of(const Image& image) {
  ImageState state{
      .config = image.config,
      .layers = image.manifest.layers,
      .newest = parse_time(image.config.created).value_or(0),
      .base = image.descriptor};
  for (Descriptor& layer : state.layers)
    layer.media_type = media::as_oci(layer.media_type);
  return state;
}

std::optional<std::string> variable_in(
    const std::vector<std::string>& environment,
    std::string_view name) {
  for (const std::string& entry : environment)
    if (is_named(entry, name)) return entry.substr(name.size() + 1);
  return std::nullopt;
}

void set_variable_in(std::vector<std::string>& environment,
                     const std::string& name,
                     const std::string& value) {
  const auto same = std::find_if(
      environment.begin(), environment.end(),
      [&](const std::string& entry) { return is_named(entry, name); });
  std::string entry = name + '=' + value;
  if (same == environment.end())
    environment.push_back(std::move(entry));
  else
    *same = std::move(entry);
}

}  // namespace dockwright
