#include "chapters/11-dockerfile/follow.hpp"

#include <algorithm>

#include "chapters/11-dockerfile/config_step.hpp"
#include "chapters/11-dockerfile/copy/remote.hpp"
#include "chapters/11-dockerfile/copy_words.hpp"
#include "chapters/11-dockerfile/run_words.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"
#include "common/errors.hpp"

namespace dockwright {

namespace {

bool makes_layer(Keyword keyword) {
  return keyword == Keyword::run || keyword == Keyword::copy ||
         keyword == Keyword::add || keyword == Keyword::workdir;
}

std::string told(const StepFailed& failed, const RunStep& step) {
  return fmt::format(
      "process {} did not complete successfully: exit code: {}",
      in_quotes(fmt::format("{}", fmt::join(step.command, " "))),
      failed.code());
}

/// Only ADD knows addresses.
std::vector<std::string> addresses_of(const Instruction& step,
                                      const CopyRequest& request) {
  if (step.keyword != Keyword::add) return {};
  return request.sources;
}

class Follower {
 public:
  Follower(ImageState state, Following& with)
      : state_{std::move(state)}, with_{with} {}

  void follow(const std::vector<Instruction>& steps) {
    for (const Instruction& step : steps) try {
        one(step);
      } catch (const BuildFailed&) {
        throw;
      } catch (const Interrupted&) {
        throw;
      } catch (const std::exception& error) {
        throw BuildFailed{describe(error), step.lines};
      }
  }
  [[nodiscard]] ImageState result() { return std::move(state_); }

 private:
  void one(const Instruction& step) {
    if (change_config(state_, step, with_.arguments, escape())) return;
    const StepName name{.id = with_.count.next++,
                        .text = step.original};
    ++with_.count.done;
    with_.events.started(name.id, step_name(with_.count, name.text));
    try {
      make(name, step);
      with_.events.finished(name.id);
    } catch (const Interrupted&) {
      with_.events.cancelled(name.id);
      throw;
    } catch (const std::exception& error) {
      with_.events.failed(name.id, error.what());
      throw;
    }
  }

  void make(const StepName& name, const Instruction& step) {
    if (step.keyword == Keyword::run) return run(name, step);
    if (step.keyword == Keyword::workdir) return workdir(name, step);
    copy(name, step);
  }

  void run(const StepName& name, const Instruction& step) {
    const RunFlags flags = run_flags(step, expansion());
    RunStep wanted = run_step_of(state_, step, with_.arguments);
    if (flags.network == "none") wanted.network = NetworkMode::none;
    wanted.privileged = flags.security == "insecure";
    try {
      const BuiltLayer layer =
          with_.maker.run(name, state_, wanted, flags);
      state_.add_layer(layer, run_history(state_, wanted));
    } catch (const StepFailed& failed) {
      throw Failure{told(failed, wanted), failed.code()};
    }
  }

  void workdir(const StepName& name, const Instruction& step) {
    change_workdir(state_, step, escape());
    const std::string text = "WORKDIR " + state_.workdir();
    if (const auto layer = with_.maker.workdir(name, state_))
      state_.add_layer(*layer, text);
    else
      state_.add_change(text);
  }

  void copy(const StepName& name, const Instruction& step) {
    const CopyFlags flags = copy_flags(step, expansion());
    CopyRequest request =
        copy_request_of(state_, step, flags, escape());
    const std::string text = copy_history(step, flags, request);
    const FetchedSources fetched{
        with_.store,
        addresses_of(step, request),
        {.checksum = flags.checksum.value_or(""),
         .keep_git_dir = flags.keep_git_dir,
         .unpack = flags.unpack.value_or(false)}};
    request.fetched = fetched.all();
    state_.add_layer(
        with_.maker.copy(name, state_, flags.from, std::move(request)),
        text);
  }

  [[nodiscard]] char escape() const {
    return with_.file.directives.escape;
  }
  [[nodiscard]] Expansion expansion() const {
    return [this](std::string_view text) {
      return expand(text, state_.variables(), escape());
    };
  }

  ImageState state_;
  Following& with_;
};

}  // namespace

std::string step_name(const StepCount& count, const std::string& text) {
  return fmt::format("[{}{}{}/{}] {}", count.stage,
                     count.stage.empty() ? "" : " ", count.done,
                     count.total, text);
}

int count_steps(const std::vector<Instruction>& steps) {
  return static_cast<int>(std::count_if(
      steps.begin(), steps.end(), [](const Instruction& step) {
        return makes_layer(step.keyword);
      }));
}

std::vector<Instruction> take_triggers(ImageState& base,
                                       const StageText& stage,
                                       const Dockerfile& file) {
  std::vector<Instruction> steps;
  for (const std::string& text :
       std::exchange(base.config.config.on_build, {})) {
    try {
      steps.push_back(
          parse_instruction(text, file.name, file.directives.escape));
    } catch (const Failure& failure) {
      throw BuildFailed{fmt::format("the base's trigger '{}': {}", text,
                                    failure.what()),
                        stage.from.lines};
    }
    steps.back().lines = stage.from.lines;
  }
  return steps;
}

ImageState follow(const StageText& stage, ImageState base,
                  Following& with) {
  const auto triggers = take_triggers(base, stage, with.file);
  with.count.total += count_steps(triggers);
  Follower follower{std::move(base), with};
  follower.follow(triggers);
  follower.follow(stage.steps);
  return follower.result();
}

void add_declared(const std::vector<Instruction>& steps,
                  std::set<std::string>& names) {
  for (const Instruction& step : steps)
    if (step.keyword == Keyword::arg)
      for (const Pair& pair : step.pairs) names.insert(pair.name);
}

}  // namespace dockwright
