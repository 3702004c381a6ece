#include "chapters/12-build-cache/wishes.hpp"

#include <unistd.h>

#include "chapters/11-dockerfile/made.hpp"
#include "chapters/12-build-cache/progress/choose_events.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// A cache that is not there is no reason not to build: the first build
/// of many finds none.
void add_cache(std::vector<ForeignCache>& caches,
               const std::string& text) {
  const CachePlace place = parse_cache_place("--cache-from", text);
  if (::access((place.directory + "/index.json").c_str(), R_OK) == 0)
    caches.emplace_back(place.directory);
}

bool allows_insecure(const std::vector<std::string>& allowed) {
  bool insecure = false;
  for (const std::string& name : allowed) {
    if (name == "security.insecure")
      insecure = true;
    else if (name != "network.host")
      throw Failure{fmt::format(
          "--allow {}: security.insecure and network.host are known",
          name)};
  }
  return insecure;
}

}  // namespace

Wishes::Wishes(const BuildSpec& spec)
    : outputs{parse_outputs(spec.outputs)},
      secrets{spec.secrets},
      agents{spec.agents},
      plan{spec.print == "plan" || spec.print == "json" ||
           spec.print == "plan=json"},
      insecure{allows_insecure(spec.allow)} {
  static_cast<void>(names_of(spec));
  if (!spec.print.empty() && !plan && spec.print != "ast" &&
      spec.print != "ast=json")
    throw Failure{fmt::format(
        "--print {}: ast, ast=json, plan and json are known",
        spec.print)};
  for (const std::string& text : spec.cache_to)
    cache_to.push_back(parse_cache_place("--cache-to", text));
  for (const std::string& text : spec.cache_from)
    add_cache(cache_from, text);
}

std::unique_ptr<BuildEvents> listener_for(const BuildSpec& spec) {
  if (spec.quiet) return std::make_unique<NoEvents>();
  return choose_events(spec.progress, STDERR_FILENO);
}

}  // namespace dockwright
