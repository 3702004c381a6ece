// The last request of a push: the manifest. It is checked as every
// document of a stranger is, and names nothing that is not here.

#include <algorithm>
#include <cstdint>

#include "chapters/09-images/manifest.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/store_index.hpp"
#include "chapters/10-registry/server/reading.hpp"
#include "chapters/10-registry/server/refusal.hpp"
#include "chapters/10-registry/server/writing.hpp"
#include "common/errors.hpp"
#include "common/json.hpp"

namespace dockwright::serve {

namespace {

class IncomingManifest : public http::Exchange {
 public:
  IncomingManifest(const Desk& desk, Route route,
                   const http::Request& request)
      : desk_{desk},
        route_{std::move(route)},
        media_type_{request.header("content-type").value_or("")} {
    media_type_ = media_type_.substr(0, media_type_.find(';'));
    if (!is_tag(route_.reference) &&
        !Digest::try_parse(route_.reference))
      throw Refusal{400, "TAG_INVALID",
                    fmt::format("{:?} is neither a tag nor a digest",
                                route_.reference)};
  }

  [[nodiscard]] std::uint64_t body_limit() const override {
    return JsonLimits{}.bytes;
  }
  void take(std::string_view bytes) override { text_ += bytes; }

  http::Response finish() override {
    const Digest digest = Digest::of(text_);
    const bool by_tag = is_tag(route_.reference);
    if (!by_tag && route_.reference != digest.str())
      throw Refusal{400, "DIGEST_INVALID",
                    fmt::format("what came is {}", digest.str())};
    const std::string type = check();
    const auto store = desk_.uploads.store();
    const Descriptor image = store->add_document(type, text_);
    desk_.arrivals.add(*route_.repository, digest);
    if (by_tag) {
      store->tag(desk_.holdings.kept_as(*route_.repository)
                     .with_tag(route_.reference),
                 image);
      release_children(*store);
    } else {
      store->keep(image);
    }
    return {.status = 201,
            .headers = {
                {"Location", fmt::format("/v2/{}/manifests/{}",
                                         route_.name, digest.str())},
                {kDigestHeader, digest.str()}}};
  }

 private:
  /// @throws Refusal for what is no manifest, or not whole
  std::string check() const {
    try {
      const auto document =
          parse_manifest_or_index("the manifest", text_, media_type_);
      if (const auto* index = std::get_if<Index>(&document)) {
        for (const Descriptor& manifest : index->manifests)
          need(manifest);
        return index->media_type;
      }
      const auto& manifest = std::get<Manifest>(document);
      need(manifest.config);
      for (const Descriptor& layer : manifest.layers)
        if (!media::is_foreign_layer(layer.media_type)) need(layer);
      return manifest.media_type;
    } catch (const Refusal&) {
      throw;
    } catch (const Failure& failure) {
      throw Refusal{400, "MANIFEST_INVALID", failure.what()};
    }
  }

  /// The images of an index came before it, by digest, and were kept
  /// without a name. Now the index keeps them.
  void release_children(const Store& store) const {
    const auto document =
        parse_manifest_or_index("the manifest", text_, media_type_);
    const auto* const index = std::get_if<Index>(&document);
    if (index == nullptr) return;
    for (const Descriptor& child : index->manifests) {
      const Index all = read_index(store);
      const auto has_name = [&](const Descriptor& entry) {
        return entry.digest == child.digest && name_of(entry);
      };
      if (std::none_of(all.manifests.begin(), all.manifests.end(),
                       has_name))
        store.forget(child.digest);
    }
  }

  /// A blob that a manifest names must have come before it, into this
  /// repository.
  void need(const Descriptor& blob) const {
    const auto found = desk_.holdings.blob(
        *desk_.uploads.store(), *route_.repository, blob.digest);
    if (!found)
      throw Refusal{400, "MANIFEST_BLOB_UNKNOWN",
                    fmt::format("{} is not in {}", blob.digest.str(),
                                route_.name)};
    if (found->size != blob.size)
      throw Refusal{
          400, "MANIFEST_INVALID",
          fmt::format("{} has {} bytes, and not {}", blob.digest.str(),
                      found->size, blob.size)};
  }

  Desk desk_;
  Route route_;
  std::string media_type_;
  std::string text_{};
};

}  // namespace

std::unique_ptr<http::Exchange> take_manifest(
    const Desk& desk, const Route& route,
    const http::Request& request) {
  return std::make_unique<IncomingManifest>(desk, route, request);
}

}  // namespace dockwright::serve
