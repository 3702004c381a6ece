#include "chapters/11-dockerfile/base.hpp"

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/10-registry/missing.hpp"
#include "chapters/11-dockerfile/follow.hpp"
#include "chapters/11-dockerfile/syntax/flags.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"
#include "common/check.hpp"
#include "common/errors.hpp"
#include "common/explain.hpp"

namespace dockwright {

BaseName base_of(const StageText& stage, const BuildSpec& spec,
                 const BuildArguments& arguments, char escape) {
  const auto expanded = [&](std::string_view text) {
    return expand(text, arguments.for_from(), escape);
  };
  try {
    BaseName base{.image = expanded(stage.base),
                  .lines = stage.from.lines};
    if (base.image.empty())
      throw Failure{fmt::format("base name ({}) should not be blank",
                                stage.base)};
    const std::string given = platform_flag(stage.from, expanded);
    base.given_platform = !given.empty() || !spec.platform.empty();
    base.platform =
        chosen_platform(given.empty() ? spec.platform : given);
    return base;
  } catch (const Failure& failure) {
    throw BuildFailed{failure.what(), stage.from.lines};
  }
}

namespace {

/// As BuildKit has it: ENV PATH=$PATH:… must find something.
constexpr const char* kPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

ImageState with_path(ImageState state) {
  auto& environment = state.config.config.env;
  if (!variable_in(environment, "PATH"))
    set_variable_in(environment, "PATH", kPath);
  return state;
}

/// Whether a base is for the machine that was asked for.
bool fits(const BaseName& base, const Platform& made_for) {
  return !base.given_platform ||
         platform_match(base.platform, made_for) > 0;
}

/// Whether the store has the image, and all of it that is needed.
bool is_whole(const BaseName& base, const Store& store,
              const StoredImage& found) {
  try {
    return fits(base, load_image(store, found.descriptor, base.platform)
                          .config.platform);
  } catch (const Failure&) {
    return false;  // of an index, another platform's
  }
}

}  // namespace

void fetch_base(const BaseName& base, const BuildSpec& spec,
                const Store& store, const Signals& signals,
                const StepOutput& output) {
  if (base.image == kScratch || spec.pull == "never") return;
  const auto found = store.find(base.image);
  if (spec.pull != "always" && found && is_whole(base, store, *found))
    return;
  const Spec asked{
      .image = base.image,
      .platform = base.given_platform ? base.platform.str() : "",
      .pull = found ? "always" : spec.pull};
  static_cast<void>(in_child(
      signals,
      [&] {
        fetch_missing(asked, store.path());
        return std::string{};
      },
      output));
}

ImageState open_base(const BaseName& base, const Store& store) {
  if (base.image == kScratch)
    return with_path({.config = {.platform = base.platform}});
  const auto found = store.find(base.image);
  if (!found)
    throw Failure{fmt::format("{}: not found{}", shown_base(base),
                              nearest_image(store, base.image))};
  const Image image =
      load_image(store, found->descriptor, base.platform);
  const Platform& made_for = image.config.platform;
  if (!fits(base, made_for))
    throw Failure{fmt::format("{}: it is for {}, and {} was asked for",
                              shown_base(base), made_for.str(),
                              base.platform.str())};
  return with_path(state_of(image));
}

//! [from]
/// The first step: what the base has.
ImageState begin_stage(const BaseName& base, const BuildSpec& spec,
                       const BuildRoom& room, const Following& with) {
  constexpr StepId kFirst = 1;
  with.events.started(
      kFirst, step_name(with.count, "FROM " + shown_base(base)));
  because("a stage begins with all that its base has");
  try {
    fetch_base(base, spec, room.store, room.signals,
               [&](std::string_view bytes) {
                 with.events.output(kFirst, bytes);
               });
    ImageState state = open_base(base, room.store);
    state.epoch = room.epoch;
    with.events.finished(kFirst);
    return state;
  } catch (const Failure& failure) {
    with.events.failed(kFirst, failure.what());
    throw BuildFailed{describe(failure), base.lines};
  }
}
//! [from]

std::string shown_base(const BaseName& base) {
  if (base.image == "scratch") return base.image;  // no image at all
  const auto name = Reference::try_parse(base.image);
  return name ? name->str() : base.image;
}

}  // namespace dockwright
