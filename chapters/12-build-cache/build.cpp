// Stage 12: a cache, and several stages. What a step makes is known by
// what it is made from, so most steps of most builds need not be done.

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/11-dockerfile/look.hpp"
#include "chapters/11-dockerfile/report.hpp"
#include "chapters/11-dockerfile/source.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "chapters/12-build-cache/finish.hpp"
#include "chapters/12-build-cache/stages/make_stage.hpp"
#include "chapters/12-build-cache/stages/stage_needs.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

StageGraph graph_of(const StageTexts& texts,
                    const BuildArguments& arguments,
                    const Dockerfile& file,
                    const NamedContexts& named) {
  return StageGraph{needs_of(texts, arguments.for_from(),
                             file.directives.escape,
                             [&](std::string_view name) {
                               return named.contains(lower_case(name));
                             })};
}

}  // namespace

int build(const BuildSpec& spec, Runner run) {
  const Signals signals{Terminal::separate};
  Store store =
      Store::open({.root = default_store_root(),
                   .durability = files::Durability::fleeting});
  // Held open, so that nobody removes what has no name yet.
  const RunningContainer home{store};
  Dockerfile file;
  Left left = Left::nothing;
  const int code = report(file, [&]() -> int {
    const Wishes wishes{spec};  // refused now, not at the end
    BuildSource source = open_source(spec, store);
    file = parse_dockerfile(source.text, source.name);
    const SeenContext context =
        seen_context(std::move(source.context), spec.file);
    const auto mistakes = mistakes_in(
        file, spec, store,
        [&](const std::string& path) { return context.ignores(path); });
    if (const auto seen = only_look(file, spec, mistakes)) return *seen;
    const StageTexts texts = split_stages(file);
    const BuildArguments arguments{spec, chosen_platform(spec.platform),
                                   file, texts.arguments};
    const NamedContexts named = open_contexts(spec.contexts);
    const StageGraph graph = graph_of(texts, arguments, file, named);
    const std::size_t target = graph.target(spec.target);
    // Beyond this point it is known which stages are needed.
    const BuildRoom room{.store = store,
                         .home = home,
                         .signals = signals,
                         .run = run,
                         .archive_limits = spec.archive_limits,
                         .epoch = arguments.epoch()};
    const BuildCache cache{store};
    const BuildWork work{.spec = spec,
                         .room = room,
                         .file = file,
                         .texts = texts,
                         .arguments = arguments,
                         .graph = graph,
                         .context = context,
                         .named = named,
                         .cache = cache,
                         .others = wishes.cache_from,
                         .secrets = wishes.secrets,
                         .agents = wishes.agents,
                         .plan = wishes.plan,
                         .insecure = wishes.insecure};
    PlanEvents plan;
    const auto shown = listener_for(spec);
    BuildEvents& events = wishes.plan ? plan : *shown;
    events.planned(count_steps(work, graph.needed_for(target)));
    StageWorkers workers{graph, events, signals};
    MadeStages made = workers.make(
        target, [&](std::size_t stage, const MadeStages& before,
                    const StageTelling& telling) {
          return make_stage(work, stage, before, telling);
        });
    // Beyond this point nothing of the Dockerfile can fail.
    if (wishes.plan) return print_plan(work, plan, target);
    left =
        finish(work, wishes, events, workers, made.at(target), target);
    if (!spec.quiet) remind_of(mistakes);
    return 0;
  });
  because("of a build that failed only whole steps are kept");
  if (code != 0 && !spec.check) left = Left::leftovers;
  clear_up(store, left);
  return code;
}

}  // namespace dockwright
