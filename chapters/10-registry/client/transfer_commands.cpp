// `pull` and `push`: Docker's words around what pull.cpp and push.cpp
// do.

#include <unistd.h>

#include <memory>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/09-images/user_root.hpp"
#include "chapters/10-registry/client/commands.hpp"
#include "chapters/10-registry/client/credentials.hpp"
#include "chapters/10-registry/client/pull.hpp"
#include "chapters/10-registry/client/push.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

struct TransferOptions {
  std::vector<std::string> names{};
  RegistryOptions registry{};
  std::string platform{};
  bool all_tags = false;
  bool quiet = false;
};

/// A story has one order: what is explained is done by one thread.
unsigned at_once(unsigned usual) {
  return explain::enabled() ? 1 : usual;
}

Reference parse_name(const TransferOptions& options,
                     const std::string& word) {
  Reference name = Reference::parse(
      word, options.all_tags ? DefaultTag::none : DefaultTag::latest);
  if (options.all_tags && (name.tag() || name.digest()))
    throw Failure{
        fmt::format("{}: with --all-tags the name has no tag", word)};
  return name;
}

/// A registry, and who the user is there.
struct Supplier {
  std::string registry{};
  std::optional<Credentials> credentials{};
};

/// Where an image may come from, the best first: Docker Hub has
/// mirrors.
std::vector<Supplier> sources_of(const Settings& settings,
                                 const DockerConfig& config,
                                 const Reference& name) {
  std::vector<Supplier> sources;
  if (name.registry() == "docker.io")
    for (const std::string& mirror : settings.mirrors) {
      const std::size_t scheme = mirror.find("://");
      std::string host = scheme == std::string::npos
                             ? mirror
                             : mirror.substr(scheme + 3);
      host = host.substr(0, host.find('/'));
      sources.push_back({mirror, find_credentials(config, host)});
    }
  sources.push_back(
      {name.registry(), find_credentials(config, name.registry())});
  return sources;
}

class PullCommand {
 public:
  explicit PullCommand(const TransferOptions& options)
      : options_{options},
        settings_{settings_of(options.registry)},
        pull_{.platform = chosen_platform(options.platform),
              .at_once = at_once(kLayersAtOnce),
              .quiet = options.quiet ? Quiet::yes : Quiet::no} {}

  int operator()() {
    if (options_.names.empty())
      throw Failure{"pull is followed by the name of an image"};
    const DockerConfig config = DockerConfig::open();
    std::vector<std::vector<Supplier>> sources;
    for (const std::string& word : options_.names) {
      names_.push_back(parse_name(options_, word));
      sources.push_back(sources_of(settings_, config, names_.back()));
    }
    // Beyond this point whoever keeps passwords has been asked.
    become_root_of_user_namespace();
    prepare_http();
    const Store store = Store::open();
    for (std::size_t i = 0; i < names_.size(); ++i)
      pull(store, names_[i], sources[i]);
    return 0;
  }

 private:
  void pull(const Store& store, const Reference& name,
            const std::vector<Supplier>& sources);
  void pull_from(const Store& store, const Reference& name,
                 const Supplier& source);
  void pull_one(Session& session, const Store& store,
                const Reference& name);

  const TransferOptions& options_;
  Settings settings_;
  PullOptions pull_;
  std::vector<Reference> names_{};
};

void PullCommand::pull(const Store& store, const Reference& name,
                       const std::vector<Supplier>& sources) {
  for (std::size_t i = 0;; ++i) {
    try {
      return pull_from(store, name, sources[i]);
    } catch (const Failure& failure) {
      if (i + 1 == sources.size())
        std::throw_with_nested(
            Failure{fmt::format("cannot pull {}", name.familiar())});
      const std::string note =
          fmt::format("The mirror {} has not helped: {}\n",
                      sources[i].registry, failure.what());
      ignore(::write(STDERR_FILENO, note.data(), note.size()),
             "the next one may help");
    }
  }
}

void PullCommand::pull_from(const Store& store, const Reference& name,
                            const Supplier& source) {
  const auto session =
      open_session(settings_, source.registry, source.credentials);
  if (!options_.all_tags) return pull_one(*session, store, name);
  Connection connection{*session};
  Repository repository{connection, name.repository(),
                        pull_scope(name.repository())};
  const auto tags = repository.tags();
  if (tags.empty())
    throw Failure{fmt::format("{} has no tags", name.familiar())};
  for (const std::string& tag : tags)
    pull_one(*session, store, name.with_tag(tag));
}

void PullCommand::pull_one(Session& session, const Store& store,
                           const Reference& name) {
  const Pulled pulled = pull_image(session, store, name, pull_);
  if (!options_.quiet)
    print(fmt::format(
        "Digest: {}\nStatus: {} for {}\n", pulled.image.digest.str(),
        pulled.news ? "Downloaded newer image" : "Image is up to date",
        name.familiar()));
  print(name.str() + '\n');
}

class PushCommand {
 public:
  explicit PushCommand(const TransferOptions& options)
      : options_{options},
        settings_{settings_of(options.registry)},
        push_{.platform = chosen_platform(options.platform),
              .at_once = at_once(PushOptions{}.at_once),
              .quiet = options.quiet ? Quiet::yes : Quiet::no} {}

  int operator()() {
    expect_words(options_.names, 1, 1, "push NAME[:TAG]");
    const Reference name = parse_name(options_, options_.names.front());
    if (name.digest())
      throw Failure{fmt::format(
          "{}: an image is pushed under a tag, and gets its digest by "
          "itself",
          name.familiar())};
    const auto credentials =
        find_credentials(DockerConfig::open(), name.registry());
    prepare_http();
    const Store store = Store::open();
    const auto names = names_to_push(store, name);
    try {
      const auto session =
          open_session(settings_, name.registry(), credentials);
      for (const Reference& each : names) push(*session, store, each);
    } catch (const std::exception&) {
      std::throw_with_nested(
          Failure{fmt::format("cannot push {}", name.familiar())});
    }
    return 0;
  }

 private:
  [[nodiscard]] std::vector<Reference> names_to_push(
      const Store& store, const Reference& name) const {
    if (!options_.all_tags) {
      static_cast<void>(need_image(store, name.str()));
      return {name};
    }
    std::vector<Reference> names;
    for (const StoredImage& image : store.images())
      if (image.name && image.name->tag() &&
          image.name->registry() == name.registry() &&
          image.name->repository() == name.repository())
        names.push_back(*image.name);
    if (names.empty())
      throw Failure{fmt::format(
          "An image does not exist locally with the tag: {}",
          name.familiar_name())};
    return names;
  }

  void push(Session& session, const Store& store,
            const Reference& name) const {
    const Descriptor pushed = push_image(session, store, name, push_);
    print(options_.quiet
              ? name.str() + '\n'
              : fmt::format("{}: digest: {} size: {}\n",
                            name.tag().value_or(""),
                            pushed.digest.str(), pushed.size));
  }

  const TransferOptions& options_;
  Settings settings_;
  PushOptions push_;
};

template <typename Act>
std::function<int()> declare(cli::Options& options, const char* all,
                             const char* quiet) {
  auto target = std::make_shared<TransferOptions>();
  options.words(target->names, "NAME[:TAG|@DIGEST]", "The image");
  options.flag("-a,--all-tags", target->all_tags, true, all);
  options.flag("-q,--quiet", target->quiet, true, quiet);
  options.value("--platform", target->platform,
                "OS/ARCHITECTURE[/VARIANT]",
                "Another machine's image, not this one's");
  registry_options(options, target->registry);
  options.each(
      "--mirror",
      [target](const std::string& mirror) {
        target->registry.mirrors.push_back(mirror);
      },
      "URL", "Ask there before Docker Hub");
  return [target] { return Act{*target}(); };
}

}  // namespace

cli::Command pull_command(const char* name) {
  return {.name = name,
          .about = "Fetch an image from a registry",
          .chapter = 10,
          .declare = [](cli::Options& options) {
            return declare<PullCommand>(options,
                                        "All tags of the repository",
                                        "Print the image's name alone");
          }};
}

cli::Command push_command(const char* name) {
  return {.name = name,
          .about = "Send an image to a registry",
          .chapter = 10,
          .declare = [](cli::Options& options) {
            return declare<PushCommand>(
                options, "All tags of the repository that are here",
                "Print the image's name alone");
          }};
}

}  // namespace dockwright
