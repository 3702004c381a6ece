#pragma once
// What happens in a build, as it happens: a step begins, says
// something, is done. The builder tells; who listens shows it: plain
// lines here, a display that is redrawn in place in chapter 12.
//
// A listener has its own clock: a time is when it was told.

#include <string>
#include <string_view>

namespace dockwright {

/// The number that people see: `#5`. From 1, in the order in which
/// steps begin.
using StepId = int;

/// One thing that happened.
struct BuildEvent {
  enum class Kind {
    planned,   ///< There will be so many steps: `step` is their number.
    started,   ///< `text` is its name: `[2/4] RUN pip3 install`.
    noted,     ///< A line about it: `transferring context: 2.1kB`.
    output,    ///< What its program wrote, in pieces as they came.
    cached,    ///< It was done before.
    finished,  ///< It is done.
    failed,    ///< It is not: `text` says why.
    cancelled  ///< Another one failed first.
  };
  Kind kind = Kind::noted;
  StepId step = 0;
  std::string text{};
  bool operator==(const BuildEvent&) const = default;
};

/// Who listens to a build.
class BuildEvents {
 public:
  BuildEvents() = default;
  BuildEvents(const BuildEvents&) = delete;
  BuildEvents& operator=(const BuildEvents&) = delete;
  virtual ~BuildEvents() = default;

  virtual void tell(const BuildEvent& event) = 0;

  // The same, in a builder's words. A step is started, and then ends
  // once: cached, finished, failed or cancelled.
  void planned(int steps) {
    tell({.kind = BuildEvent::Kind::planned, .step = steps});
  }
  void started(StepId step, std::string_view name) {
    say(BuildEvent::Kind::started, step, name);
  }
  void noted(StepId step, std::string_view line) {
    say(BuildEvent::Kind::noted, step, line);
  }
  void output(StepId step, std::string_view bytes) {
    say(BuildEvent::Kind::output, step, bytes);
  }
  void cached(StepId step) { say(BuildEvent::Kind::cached, step, ""); }
  void finished(StepId step) {
    say(BuildEvent::Kind::finished, step, "");
  }
  void failed(StepId step, std::string_view why) {
    say(BuildEvent::Kind::failed, step, why);
  }
  void cancelled(StepId step) {
    say(BuildEvent::Kind::cancelled, step, "");
  }

 private:
  void say(BuildEvent::Kind kind, StepId step, std::string_view text) {
    tell({.kind = kind, .step = step, .text = std::string{text}});
  }
};

/// `--quiet`: nobody listens.
class NoEvents : public BuildEvents {
 public:
  void tell(const BuildEvent& /*event*/) override {}
};

}  // namespace dockwright
