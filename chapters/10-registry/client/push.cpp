#include "chapters/10-registry/client/push.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "chapters/09-images/manifest.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/10-registry/client/upload.hpp"
#include "chapters/10-registry/client/work.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

/// What an image consists of, in the order in which it is pushed.
struct Parts {
  std::vector<Descriptor> blobs{};
  std::vector<Descriptor> documents{};  ///< The named one last.
};

void add_once(std::vector<Descriptor>& list,
              const Descriptor& descriptor) {
  const bool known = std::any_of(
      list.begin(), list.end(), [&](const Descriptor& other) {
        return other.digest == descriptor.digest;
      });
  if (!known) list.push_back(descriptor);
}

ManifestOrIndex read(const Store& store, const Descriptor& document) {
  return parse_manifest_or_index(document.digest.str(),
                                 store.read_document(document),
                                 document.media_type);
}

/// Whether all that an index lists is here.
bool is_whole(const Store& store, const Descriptor& document) {
  if (!store.has(document)) return false;
  const auto found = read(store, document);
  if (const auto* const index = std::get_if<Index>(&found))
    return std::all_of(
        index->manifests.begin(), index->manifests.end(),
        [&](const Descriptor& each) { return is_whole(store, each); });
  const auto& manifest = std::get<Manifest>(found);
  return store.has(manifest.config) &&
         std::all_of(manifest.layers.begin(), manifest.layers.end(),
                     [&](const Descriptor& each) {
                       return store.has(each) ||
                              media::is_foreign_layer(each.media_type);
                     });
}

void collect(const Store& store, const Descriptor& document,
             Parts& parts) {
  const auto found = read(store, document);
  if (const auto* const index = std::get_if<Index>(&found)) {
    for (const Descriptor& each : index->manifests)
      collect(store, each, parts);
  } else {
    const auto& manifest = std::get<Manifest>(found);
    for (const Descriptor& layer : manifest.layers)
      if (!media::is_foreign_layer(layer.media_type))
        add_once(parts.blobs, layer);
    add_once(parts.blobs, manifest.config);
  }
  add_once(parts.documents, document);
}

/// Other repositories of the same registry that have the layer, as far
/// as the store's names tell.
std::vector<std::string> elsewhere(const Store& store,
                                   const Reference& name,
                                   const Descriptor& layer) {
  std::set<std::string> found;
  for (const StoredImage& image : store.images()) {
    if (!image.name || image.name->registry() != name.registry() ||
        image.name->repository() == name.repository())
      continue;
    try {
      Parts parts;
      collect(store, image.descriptor, parts);
      for (const Descriptor& blob : parts.blobs)
        if (blob.digest == layer.digest)
          found.insert(image.name->repository());
    } catch (const Failure&) {
      // It is not whole; `system check` tells of it.
    }
  }
  return {found.begin(), found.end()};
}

std::string outcome(const Uploaded& uploaded) {
  switch (uploaded.how) {
    case Uploaded::How::was_there:
      return "Layer already exists";
    case Uploaded::How::mounted:
      return "Mounted from " + uploaded.from;
    case Uploaded::How::sent:
      break;
  }
  return "Pushed";
}

void push_blobs(Session& session, const Store& store,
                const Reference& name, const Parts& parts,
                const PushOptions& options, Progress& progress) {
  std::vector<std::size_t> lines;
  for (const Descriptor& blob : parts.blobs)
    lines.push_back(progress.add(std::string{blob.digest.short_hex()},
                                 "Preparing"));
  Work{}.run(
      parts.blobs.size(), options.at_once, [&](std::stop_token stop) {
        auto connection = std::make_shared<Connection>(session, stop);
        return [&, connection](std::size_t number) {
          const Descriptor& blob = parts.blobs[number];
          const std::size_t line = lines[number];
          Repository repository{*connection, name.repository(),
                                push_scope(name.repository())};
          const Uploaded uploaded = upload_blob(
              repository, blob, store.open_blob(blob),
              {.elsewhere = elsewhere(store, name, blob),
               .moved = [&](std::uint64_t done) {
                 progress.move(line, "Pushing", done, blob.size);
               }});
          progress.set(line, outcome(uploaded));
        };
      });
}

}  // namespace

Descriptor push_image(Session& session, const Store& store,
                      const Reference& name,
                      const PushOptions& options) {
  const auto stored = store.find(name.str());
  if (!stored)
    throw Failure{
        fmt::format("An image does not exist locally with the tag: {}",
                    name.familiar_name())};
  Progress progress{STDOUT_FILENO, options.quiet};
  progress.say(fmt::format("The push refers to repository [{}/{}]",
                           name.registry(), name.repository()));
  Descriptor image = stored->descriptor;
  if (!is_whole(store, image)) {
    image = load_image(store, image, options.platform).descriptor;
    progress.say(fmt::format(
        "Only {} is here of what the index lists: its manifest is "
        "pushed",
        options.platform.str()));
  }
  Parts parts;
  collect(store, image, parts);
  push_blobs(session, store, name, parts, options, progress);
  // Beyond this point the registry has all that the documents name.
  Connection connection{session};
  Repository repository{connection, name.repository(),
                        push_scope(name.repository())};
  for (const Descriptor& document : parts.documents) {
    const bool named = document.digest == image.digest;
    repository.put_document(
        named ? name.tag().value_or(image.digest.str())
              : document.digest.str(),
        document, store.read_document(document));
  }
  return image;
}

}  // namespace dockwright
