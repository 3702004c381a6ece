#include "chapters/12-build-cache/options.hpp"

#include "common/check.hpp"

namespace dockwright {

namespace {

using Texts = std::vector<std::string>;

void several(cli::Options& options, const char* names, Texts& target,
             const char* meta, const char* help) {
  options.each(
      names,
      [&target](const std::string& text) { target.push_back(text); },
      meta, help);
}

void add_context(BuildSpec& spec, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw Failure{fmt::format(
        "--build-context {}: NAME=DIRECTORY is expected", text)};
  spec.contexts.emplace_back(text.substr(0, equals),
                             text.substr(equals + 1));
}

/// `a,b` is two stages.
void add_filter(BuildSpec& spec, const std::string& text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end =
        std::min(text.find(',', begin), text.size());
    if (end > begin)
      spec.no_cache_filters.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace

void cached_build_options(cli::Options& options, BuildSpec& spec) {
  options.each(
      "--build-context",
      [&spec](const std::string& text) { add_context(spec, text); },
      "NAME=DIR", "Another context, for COPY --from=NAME");
  options.each(
      "--no-cache-filter",
      [&spec](const std::string& text) { add_filter(spec, text); },
      "STAGE", "Do the steps of this stage anew");
  several(options, "--cache-from", spec.cache_from,
          "type=local,src=DIR", "Another cache to look into");
  several(options, "--cache-to", spec.cache_to, "type=local,dest=DIR",
          "Where to write what this build used of the cache");
  several(options, "--secret", spec.secrets, "id=NAME,src=FILE",
          "What RUN --mount=type=secret may read");
  several(options, "--ssh", spec.agents, "default|ID=SOCKET",
          "The agent for RUN --mount=type=ssh");
  several(options, "-o,--output", spec.outputs, "type=TYPE,dest=PATH",
          "Where the result goes (default: the store)");
  several(options, "--allow", spec.allow, "ENTITLEMENT",
          "Such as security.insecure, for RUN --security=insecure");
  options.flag("--squash", spec.squash, true,
               "One layer of all that the build adds to its base");
}

}  // namespace dockwright
