// Stage 11: a Dockerfile. Its instructions are done one by one, each
// upon what those before it made, and every time anew.

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/11-dockerfile/base.hpp"
#include "chapters/11-dockerfile/follow.hpp"
#include "chapters/11-dockerfile/fresh_steps.hpp"
#include "chapters/11-dockerfile/look.hpp"
#include "chapters/11-dockerfile/made.hpp"
#include "chapters/11-dockerfile/report.hpp"
#include "chapters/11-dockerfile/source.hpp"
#include "common/explain.hpp"
#include "common/syscalls.hpp"

namespace dockwright {

namespace {

const StageText& only_stage(const StageTexts& texts,
                            const BuildSpec& spec) {
  const StageText& last = texts.stages.back();
  if (texts.stages.size() > 1)
    throw BuildFailed{
        fmt::format("several stages arrive in chapter 12 ({})",
                    chapter(12).title),
        texts.stages[1].from.lines};
  if (!spec.target.empty() && !texts.find(spec.target, 1))
    throw Failure{fmt::format("target stage {:?} could not be found",
                              spec.target)};
  return last;
}

}  // namespace

//! [build]
int build(const BuildSpec& spec, Runner run) {
  const Signals signals{Terminal::separate};
  Store store =
      Store::open({.root = default_store_root(),
                   .durability = files::Durability::fleeting});
  // Held open, so that nobody removes what has no name yet.
  const RunningContainer home{store};
  Dockerfile file;
  const int code = report(file, [&]() -> int {
    static_cast<void>(names_of(spec));  // refused now, not at the end
    const BuildSource source = open_source(spec, store);
    file = parse_dockerfile(source.text, source.name);
    const auto mistakes = mistakes_in(file, spec, store);
    if (const auto seen = only_look(file, spec, mistakes)) return *seen;
    const StageTexts texts = split_stages(file);
    const StageText& stage = only_stage(texts, spec);
    const BuildArguments arguments{spec, chosen_platform(spec.platform),
                                   file, texts.arguments};
    const BaseName base =
        base_of(stage, spec, arguments, file.directives.escape);
    const auto events = choose_listener(spec);
    const BuildRoom room{.store = store,
                         .home = home,
                         .signals = signals,
                         .run = run,
                         .archive_limits = spec.archive_limits,
                         .epoch = arguments.epoch()};
    const CopyTree context = source.context.tree();
    FreshSteps maker{room, spec, context, *events};
    Following with{
        .file = file,
        .arguments = arguments,
        .store = store,
        .events = *events,
        .maker = maker,
        .count = {.total = 1 + count_steps(stage.steps), .next = 2}};
    ImageState state = begin_stage(base, spec, room, with);
    state = follow(stage, std::move(state), with);
    // Beyond this point nothing of the Dockerfile can fail.
    const MadeImage image = export_image(store, spec, std::move(state),
                                         *events, with.count.next);
    std::set<std::string> declared;
    add_declared(stage.steps, declared);
    warn_of_unused(arguments.unused(declared));
    if (spec.quiet) print(image.id.str() + '\n');
    if (!spec.quiet) remind_of(mistakes);
    return 0;
  });
  because("of a build that failed nothing is kept");
  if (code != 0 && !spec.check)
    collect(store, Prune::none, Store::Wait::no);
  return code;
}
//! [build]

}  // namespace dockwright
