#include "chapters/12-build-cache/stages/make_stage.hpp"

#include <algorithm>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/11-dockerfile/base.hpp"
#include "chapters/11-dockerfile/follow.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "chapters/12-build-cache/stages/cached_steps.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// As progress calls it: `[builder 2/4]`, `[stage-1 1/2]`.
std::string shown_name(const BuildWork& work, std::size_t stage) {
  const StageText& text = work.texts.stages[stage];
  if (!text.name.empty()) return text.name;
  return work.texts.stages.size() > 1 ? fmt::format("stage-{}", stage)
                                      : std::string{};
}

bool is_anew(const BuildWork& work, const StageText& stage) {
  const auto& names = work.spec.no_cache_filters;
  return work.spec.no_cache ||
         (!stage.name.empty() &&
          std::any_of(names.begin(), names.end(),
                      [&](const std::string& name) {
                        return lower_case(name) == stage.name;
                      }));
}

/// Fetches an image, where it is missing, and opens it.
ImageState image_state(const BuildWork& work, const BaseName& base,
                       const StepOutput& output) {
  fetch_base(base, work.spec, work.room.store, work.room.signals,
             output);
  return open_base(base, work.room.store);
}

//! [begin]
ImageState begin(const BuildWork& work, std::size_t stage,
                 const MadeStages& made, const Following& with) {
  if (const auto before = work.graph.base_of(stage)) {
    ImageState state = made.at(*before);
    state.own_cmd = false;
    return state;
  }
  const StageText& text = work.texts.stages[stage];
  BaseName base = base_of(text, work.spec, work.arguments,
                          work.file.directives.escape);
  const auto context = work.named.find(lower_case(base.image));
  if (context != work.named.end()) {
    if (context->second.files)
      throw BuildFailed{
          fmt::format("the context {} is a directory: FROM needs an "
                      "image",
                      base.image),
          text.from.lines};
    base.image = context->second.image;
  }
  return begin_stage(base, work.spec, work.room, with);
}
//! [begin]

}  // namespace

ImageState make_stage(const BuildWork& work, std::size_t stage,
                      const MadeStages& made,
                      const StageTelling& telling) {
  const StageText& text = work.texts.stages[stage];
  const CacheUse cache{work.cache,
                       work.others,
                       work.room.store,
                       {.anew = is_anew(work, text), .plan = work.plan},
                       telling.used};
  const FromSources sources{
      work.context, work.named, work.graph, made,
      [&](const std::string& name) {
        return image_state(
            work,
            {.image = name,
             .platform = chosen_platform(work.spec.platform),
             .given_platform = !work.spec.platform.empty()},
            {});
      }};
  const StepTools tools{.room = work.room,
                        .spec = work.spec,
                        .insecure = work.insecure,
                        .cache = cache,
                        .sources = sources,
                        .events = telling.events,
                        .secrets = work.secrets,
                        .agents = work.agents};
  CachedSteps maker{tools};
  Following with{.file = work.file,
                 .arguments = work.arguments,
                 .store = work.room.store,
                 .events = telling.events,
                 .maker = maker,
                 .count = {.stage = shown_name(work, stage),
                           .total = 1 + count_steps(text.steps),
                           .next = 2}};
  ImageState state = begin(work, stage, made, with);
  return follow(text, std::move(state), with);
}

int count_steps(const BuildWork& work,
                const std::vector<std::size_t>& stages) {
  int steps = 0;
  for (const std::size_t stage : stages)
    steps += (work.graph.base_of(stage) ? 0 : 1) +
             count_steps(work.texts.stages[stage].steps);
  return steps;
}

}  // namespace dockwright
