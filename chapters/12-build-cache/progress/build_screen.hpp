#pragma once
// What a terminal shows of a build, as lines of text: one for each
// step, with its time, and below those that run the last that their
// programs said.
//
//     [+] Building 4.2s (3/5)
//      => CACHED [1/4] FROM docker.io/library/python:3           0.0s
//      => [2/4] COPY requirements.txt .                          0.1s
//      => [3/4] RUN pip3 install -r requirements.txt             4.0s
//      => => # Collecting flask
//
// It knows no terminal, only a size: what is drawn can be tested.

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/progress/output_lines.hpp"
#include "chapters/11-dockerfile/progress/plain_events.hpp"

namespace dockwright {

struct ScreenSize {
  unsigned columns = 80;
  unsigned rows = 24;
};

/// A line, and what it is about, so that it may be coloured.
struct ScreenLine {
  enum class Kind { title, running, done, failed, output };
  std::string text{};
  Kind kind = Kind::running;
  bool operator==(const ScreenLine&) const = default;
};

class BuildScreen {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit BuildScreen(Time began) : began_{began} {}

  void tell(const BuildEvent& event, Time now);
  /// The build is over: what still runs will not end.
  void end(Time now);
  /// As many lines as fit; when it is over, all of them.
  [[nodiscard]] std::vector<ScreenLine> draw(const ScreenSize& size,
                                             Time now) const;
  /// What the steps said that failed.
  [[nodiscard]] std::vector<FailedStep> failed() const;

 private:
  struct Step {
    StepId id = 0;
    std::string name{};
    Time began{};
    Time ended{};
    enum class State { running, done, cached, failed, cancelled };
    State state = State::running;
    std::string note{};
    OutputLines lines{};
    std::vector<std::string> timed{};
  };

  [[nodiscard]] Step* find(StepId id);
  void take(Step& step, const std::vector<std::string>& lines,
            Time now);
  void finish(Step& step, BuildEvent::Kind kind, Time now);
  [[nodiscard]] ScreenLine title(unsigned columns, Time now) const;
  [[nodiscard]] static ScreenLine line_of(const Step& step,
                                          unsigned columns, Time now);
  [[nodiscard]] static std::vector<ScreenLine> below(const Step& step,
                                                     unsigned columns,
                                                     std::size_t most);
  [[nodiscard]] std::vector<const Step*> shown(std::size_t room) const;

  Time began_;
  Time ended_{};
  bool over_ = false;
  int planned_ = 0;
  std::vector<Step> steps_{};
};

}  // namespace dockwright
