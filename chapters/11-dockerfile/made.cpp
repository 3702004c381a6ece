#include "chapters/11-dockerfile/made.hpp"

#include <fcntl.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chapters/09-images/made_image.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

/// A file that somebody named, whole or not at all.
void write_file(const std::string& path, std::string_view text) {
  const std::size_t slash = path.rfind('/');
  const std::string above =
      slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string name =
      slash == std::string::npos ? path : path.substr(slash + 1);
  const UniqueFd directory{check_call(
      "open", ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open {} to write {}", above, path)};
  files::replace({directory, directory, name}, text,
                 files::Durability::fleeting);
}

std::string joined(const std::vector<Reference>& names) {
  std::string text;
  for (const Reference& name : names)
    text += (text.empty() ? "" : ",") + name.str();
  return text;
}

/// Whether all of its names are its own already: then the disk has it,
/// too.
bool is_known(const Store& store, const MadeImage& image) {
  return !image.names.empty() &&
         std::all_of(image.names.begin(), image.names.end(),
                     [&](const Reference& name) {
                       const auto found = store.find(name.str());
                       return found && found->descriptor.digest ==
                                           image.manifest.digest;
                     });
}

}  // namespace

std::vector<Reference> names_of(const BuildSpec& spec) {
  std::vector<Reference> names;
  for (const std::string& tag : spec.tags) try {
      names.push_back(Reference::parse(tag));
    } catch (const Failure& failure) {
      throw Failure{
          fmt::format("invalid tag {:?}: {}", tag, failure.what())};
    }
  return names;
}

MadeImage keep_image(const Store& store, const BuildSpec& spec,
                     ImageState state) {
  for (const auto& [name, value] : spec.labels)
    state.config.config.labels[name] = value;
  if (state.config.created.empty())
    state.config.created =
        format_time(state.epoch.value_or(state.newest));
  const Descriptor manifest =
      store_image(store, state.config, std::move(state.layers));
  MadeImage image{.manifest = manifest,
                  .id = Digest::of(state.config.to_json()),
                  .names = names_of(spec)};
  if (is_known(store, image)) {
    image.is_new = false;
    return image;
  }
  because("nothing has a name before the disk has it");
  files::sync_file_system(store.root(), "the layers");
  const Store lasting = Store::open({.root = store.path()});
  for (const Reference& name : image.names)
    lasting.tag(name, image.manifest);
  if (image.names.empty()) lasting.keep(image.manifest);
  return image;
}

void write_files(const BuildSpec& spec, const MadeImage& image) {
  if (!spec.image_id_file.empty())
    write_file(spec.image_id_file, image.id.str());
  if (spec.metadata_file.empty()) return;
  nlohmann::ordered_json json = {
      {"containerimage.config.digest", image.id.str()},
      {"containerimage.descriptor", image.manifest.to_json()},
      {"containerimage.digest", image.manifest.digest.str()}};
  if (!image.names.empty()) json["image.name"] = joined(image.names);
  write_file(spec.metadata_file, json.dump(2) + '\n');
}

MadeImage export_image(const Store& store, const BuildSpec& spec,
                       ImageState state, BuildEvents& events,
                       StepId id) {
  events.started(id, "exporting to image");
  try {
    MadeImage image = keep_image(store, spec, std::move(state));
    write_files(spec, image);
    events.noted(id, "writing image " + image.id.str());
    for (const Reference& name : image.names)
      events.noted(id, "naming to " + name.str());
    events.finished(id);
    return image;
  } catch (const std::exception& error) {
    events.failed(id, error.what());
    throw;
  }
}

}  // namespace dockwright
