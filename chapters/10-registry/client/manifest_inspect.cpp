// `manifest inspect`: what a registry has under a name, without pulling
// it.

#include <memory>
#include <nlohmann/json.hpp>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/manifest.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/10-registry/client/commands.hpp"
#include "chapters/10-registry/client/credentials.hpp"
#include "chapters/10-registry/client/repository.hpp"
#include "common/check.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

using Json = nlohmann::ordered_json;

struct InspectOptions {
  std::vector<std::string> words{};
  RegistryOptions registry{};
  bool verbose = false;
  bool insecure = false;
};

std::string printed(const Json& json) {
  return terminal::without_controls(
             json.dump(1, ' ', false, Json::error_handler_t::replace)) +
         '\n';
}

/// A document with where it was found and how it is described.
Json described(const Reference& name, const Descriptor& descriptor,
               const std::string& text) {
  const bool docker = descriptor.media_type == media::kDockerManifest ||
                      descriptor.media_type == media::kDockerIndex;
  return {
      {"Ref", name.str()},
      {"Descriptor", descriptor.to_json()},
      {docker ? "SchemaV2Manifest" : "OCIManifest", Json::parse(text)}};
}

Json in_detail(Repository& repository, const Reference& name,
               const FetchedDocument& found) {
  const auto document =
      parse_manifest_or_index(found.descriptor.digest.str(), found.text,
                              found.descriptor.media_type);
  const auto* const index = std::get_if<Index>(&document);
  if (index == nullptr)
    return described(name, found.descriptor, found.text);
  Json all = Json::array();
  for (const Descriptor& each : index->manifests) {
    const FetchedDocument part =
        repository.document(each.digest.str(), each);
    all.push_back(
        described(name.with_digest(each.digest), each, part.text));
  }
  return all;
}

int inspect(const InspectOptions& options) {
  expect_words(options.words, 1, 1, "manifest inspect NAME");
  const Reference name = Reference::parse(options.words.front());
  Settings settings = settings_of(options.registry);
  if (options.insecure) settings.tls_verify = false;
  const auto credentials =
      find_credentials(DockerConfig::open(), name.registry());
  prepare_http();
  const auto session =
      open_session(settings, name.registry(), credentials);
  Connection connection{*session};
  Repository repository{connection, name.repository(),
                        pull_scope(name.repository())};
  const FetchedDocument found = repository.document(
      name.digest() ? name.digest()->str()
                    : name.tag().value_or("latest"));
  if (options.verbose) {
    print(printed(in_detail(repository, name, found)));
  } else {
    static_cast<void>(parse_manifest_or_index(
        found.descriptor.digest.str(), found.text,
        found.descriptor.media_type));  // throws where it is none
    print(printed(Json::parse(found.text)));
  }
  return 0;
}

}  // namespace

cli::Command manifest_inspect_command() {
  return {.name = "manifest inspect",
          .about = "Show what a registry has under a name",
          .chapter = 10,
          .declare = [](cli::Options& options) -> std::function<int()> {
            auto target = std::make_shared<InspectOptions>();
            options.words(target->words, "NAME[:TAG|@DIGEST]",
                          "The image");
            options.flag("-v,--verbose", target->verbose, true,
                         "Each image of an index, with its descriptor");
            options.flag("--insecure", target->insecure, true,
                         "As --tls-verify=false");
            registry_options(options, target->registry);
            return [target] { return inspect(*target); };
          }};
}

}  // namespace dockwright
