#include "chapters/12-build-cache/stages/from_sources.hpp"

#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kImage = "docker-image://";

NamedContext open_context(const std::string& name,
                          const std::string& value) {
  if (value.starts_with(kImage))
    return {.image = value.substr(kImage.size())};
  if (value.find("://") != std::string::npos)
    throw Failure{fmt::format(
        "--build-context {}={}: a directory or docker-image://NAME is "
        "known here",
        name, value)};
  return {.files = seen_context(Context::directory(value), "")};
}

}  // namespace

SeenContext seen_context(Context context,
                         const std::string& dockerfile) {
  const bool usual = dockerfile.empty() || dockerfile == "-";
  PathPatterns ignored =
      read_ignore(context, usual ? "Dockerfile" : dockerfile);
  return {.context = std::move(context), .ignored = std::move(ignored)};
}

NamedContexts open_contexts(
    const std::vector<std::pair<std::string, std::string>>& given) {
  NamedContexts contexts;
  for (const auto& [name, value] : given) {
    const std::string small = lower_case(name);
    contexts.erase(small);  // the last one counts
    contexts.emplace(small, open_context(name, value));
  }
  return contexts;
}

FromSources::FromSources(const SeenContext& context,
                         const NamedContexts& named,
                         const StageGraph& graph,
                         const MadeStages& made, ImageFinder images)
    : context_{context},
      named_{named},
      graph_{graph},
      made_{made},
      images_{std::move(images)} {}

FromSource FromSources::find(const std::string& name) const {
  if (name.empty()) return &context_;
  const auto context = named_.find(lower_case(name));
  if (context != named_.end()) {
    if (context->second.files) return &*context->second.files;
    return images_(context->second.image);
  }
  const auto stage = graph_.source(name);
  if (!stage) return images_(name);
  const auto made = made_.find(*stage);
  if (made == made_.end())
    throw Failure{fmt::format(
        "the stage {} is not built: only a Dockerfile's own lines can "
        "name it, without variables",
        name)};
  return made->second;
}

}  // namespace dockwright
