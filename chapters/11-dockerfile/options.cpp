#include "chapters/11-dockerfile/options.hpp"

#include <array>

#include "chapters/04-mounts/volumes.hpp"
#include "common/check.hpp"
#include "common/syscalls.hpp"

namespace dockwright {

namespace {

using Text = const std::string&;

constexpr std::array kLater = std::to_array<const char*>(
    {"--secret", "--ssh", "-o,--output", "--cache-from", "--cache-to",
     "--no-cache-filter", "--build-context", "--squash", "--allow"});

std::pair<std::string, std::string> named_value(const char* option,
                                                Text text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || text.empty())
    throw Failure{
        fmt::format("{} '{}': a name is expected: {} NAME=VALUE",
                    option, text, option)};
  if (equals == std::string::npos) return {text, ""};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void add_argument(BuildSpec& spec, Text text) {
  auto [name, value] = named_value("--build-arg", text);
  if (text.find('=') != std::string::npos) {
    spec.build_args.emplace_back(std::move(name), std::move(value));
    return;
  }
  const char* const own = std::getenv(name.c_str());
  spec.build_args.emplace_back(
      std::move(name),
      own == nullptr ? std::nullopt : std::optional<std::string>{own});
}

/// A step may read what it is given, and not write to the host.
void add_volume(BuildSpec& spec, Text text) {
  MountSpec volume = parse_volume(text);
  volume.read_only = true;
  spec.volumes.push_back(std::move(volume));
}

/// `NAME:ADDRESS`, as a line of /etc/hosts.
void add_host(BuildSpec& spec, Text text) {
  const std::size_t border = text.find_first_of(":=");
  if (border == std::string::npos || border == 0 ||
      border + 1 == text.size())
    throw Failure{
        fmt::format("--add-host '{}': NAME:ADDRESS is expected", text)};
  std::string address = text.substr(border + 1);
  // A step has the host's own network, and so the host is here.
  if (address == "host-gateway") address = "127.0.0.1";
  spec.add_hosts.push_back(address + '\t' + text.substr(0, border));
}

/// What others write about how an image was built. We write none.
void expect_off(const char* option, Text text) {
  if (text != "false" && text != "disabled=true" && text != "0")
    throw Failure{
        fmt::format("{}={}: nothing of that kind is written here; only "
                    "{}=false is understood",
                    option, text, option)};
}

void set_network(BuildSpec& spec, Text text) {
  if (text == "none")
    spec.network = NetworkMode::none;
  else if (text != "host" && text != "default")
    throw Failure{fmt::format(
        "--network {}: default, host or none is expected", text)};
}

/// Docker's is a switch, Podman's takes a word; we take both.
void set_pull(BuildSpec& spec, Text text) {
  if (text != "true" && text != "false" && text != "always" &&
      text != "missing" && text != "never")
    throw Failure{fmt::format(
        "--pull={}: always, missing or never is expected", text)};
  spec.pull = text == "true" ? "always" : text == "false" ? "" : text;
}

void name_options(cli::Options& options, BuildSpec& spec) {
  options.each(
      "-t,--tag", [&spec](Text tag) { spec.tags.push_back(tag); },
      "NAME[:TAG]", "What the image is to be called");
  options.value("-f,--file", spec.file, "FILE",
                "The Dockerfile (default: CONTEXT/Dockerfile)");
  options.value("--target", spec.target, "STAGE",
                "The stage to end with");
  options.each(
      "--label",
      [&spec](Text text) {
        spec.labels.push_back(named_value("--label", text));
      },
      "NAME=VALUE", "A label for the image");
  options.value("--iidfile", spec.image_id_file, "FILE",
                "Write the image's ID to a file");
  options.value("--metadata-file", spec.metadata_file, "FILE",
                "Write what was built to a file, as JSON");
}

void step_options(cli::Options& options, BuildSpec& spec) {
  options.each(
      "--build-arg", [&spec](Text text) { add_argument(spec, text); },
      "NAME=VALUE", "A value for an ARG");
  options.each(
      "--network", [&spec](Text text) { set_network(spec, text); },
      "host|none", "What RUN sees of the network");
  options.each(
      "-v,--volume", [&spec](Text text) { add_volume(spec, text); },
      "SOURCE:TARGET", "A directory of the host, read-only, for RUN");
  options.each(
      "--add-host", [&spec](Text text) { add_host(spec, text); },
      "NAME:ADDRESS", "A line more in the /etc/hosts of RUN");
  options.value("--platform", spec.platform, "OS/ARCH",
                "For which machine (default: this one)");
  options.flag("--no-cache", spec.no_cache, true, "Do every step anew");
  options.each(
      "--archive-limit",
      [&spec](Text text) { spec.archive_limits.push_back(text); },
      "NAME=VALUE", "How large a base's layer may be");
}

void show_options(cli::Options& options, BuildSpec& spec) {
  options.value("--progress", spec.progress, "auto|plain|quiet",
                "How the build is shown; also tty and rawjson from "
                "chapter 12 on");
  options.flag("-q,--quiet", spec.quiet, true,
               "Print nothing but the image's ID");
  options.flag("--check", spec.check, true,
               "Look for mistakes, and build nothing");
  options.value("--print", spec.print, "ast|ast=json",
                "Show how the Dockerfile was understood; plan and "
                "json, from chapter 12 on, what would be done");
}

/// What scripts say to Docker's builders, and what is so here anyway.
void known_elsewhere(cli::Options& options) {
  for (const char* const name : {"--load", "--rm", "--force-rm"})
    options.word_or_none(
        name, [](Text) {}, "", "");
  for (const char* const name : {"--provenance", "--sbom"})
    options.each(
        name, [name](Text text) { expect_off(name, text); }, "", "");
}

}  // namespace

void build_options(cli::Options& options, BuildSpec& spec) {
  name_options(options, spec);
  step_options(options, spec);
  options.word_or_none(
      "--pull", [&spec](Text text) { set_pull(spec, text); },
      "always|missing|never", "Ask the registry for the bases");
  show_options(options, spec);
  known_elsewhere(options);
}

void later_build_options(cli::Options& options) {
  for (const char* const names : kLater)
    options.each(
        names,
        [names](Text) {
          const std::string_view all{names};
          throw Failure{fmt::format("{} arrives in chapter 12 ({})",
                                    all.substr(all.rfind(',') + 1),
                                    chapter(12).title)};
        },
        "", "");
}

void complete(BuildSpec& spec, std::vector<std::string> words) {
  if (words.size() != 1 || words.front().empty())
    throw Failure{
        "build needs one argument: the context, as in `build .`",
        Advice{.cause = "a Dockerfile's COPY takes files from the "
                        "context, a directory",
               .cure = "build [OPTIONS] DIR",
               .chapter = 11,
               .anchor = "ch11-context"}};
  spec.context = std::move(words.front());
}

}  // namespace dockwright
