#pragma once
// A build as lines for a log, as BuildKit writes them. When two steps
// speak in turns, each names itself again:
//
//     #5 [2/4] RUN pip3 install flask
//     #5 0.312 Collecting flask
//     #5 DONE 4.1s
//
//     #6 [3/4] COPY . .
//     #6 CACHED
//
// What a step that failed said last stands once more at the end.

#include <chrono>
#include <map>
#include <string>

#include "chapters/11-dockerfile/build_events.hpp"
#include "chapters/11-dockerfile/progress/output_lines.hpp"

namespace dockwright {

/// What a step that failed is remembered by.
struct FailedStep {
  std::string name{};
  std::vector<std::string> last_lines{};
};

/// The step's last lines between two rules, as they stand at the end
/// of a log or display:
///
///     ------
///      > [2/4] RUN pip3 install flask:
///     0.312 Collecting flask
///     ------
[[nodiscard]] std::string last_words(const FailedStep& step);

class PlainEvents : public BuildEvents {
 public:
  using Clock = std::chrono::steady_clock;
  /// Writes to `fd`, which stays open. `now` is there for tests.
  explicit PlainEvents(int fd, Clock::time_point (*now)() = Clock::now);
  /// Writes the last words.
  ~PlainEvents() override;

  void tell(const BuildEvent& event) override;

 private:
  struct Step {
    std::string name{};
    Clock::time_point began{};
    OutputLines lines{};
    std::vector<std::string> timed{};  ///< The last, with their times.
  };

  void face(StepId id);
  void show(StepId id, const std::vector<std::string>& lines);
  void end(const BuildEvent& event, Step& step);
  [[nodiscard]] double seconds(const Step& step) const;
  void write();

  int fd_;
  Clock::time_point (*now_)();
  std::map<StepId, Step> steps_{};
  StepId speaking_ = 0;  ///< Whose lines come; 0: nobody's.
  bool first_ = true;
  std::string text_{};  ///< To be written at once.
  std::vector<FailedStep> failed_{};
};

}  // namespace dockwright
