#include "chapters/12-build-cache/progress/build_screen.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chapters/12-build-cache/progress/columns.hpp"

namespace dockwright {

namespace {

/// The last lines of a program's output that are seen while it runs.
constexpr std::size_t kOutputLines = 6;
constexpr std::size_t kLastWords = 20;

double seconds(BuildScreen::Time from, BuildScreen::Time to) {
  return std::chrono::duration<double>{to - from}.count();
}

}  // namespace

BuildScreen::Step* BuildScreen::find(StepId id) {
  const auto step =
      std::find_if(steps_.begin(), steps_.end(),
                   [&](const Step& one) { return one.id == id; });
  return step == steps_.end() ? nullptr : &*step;
}

void BuildScreen::take(Step& step,
                       const std::vector<std::string>& lines,
                       Time now) {
  for (const std::string& line : lines)
    step.timed.push_back(
        fmt::format("{:.3f} {}", seconds(step.began, now), line));
  if (step.timed.size() > kLastWords)
    step.timed.erase(step.timed.begin(), step.timed.end() - kLastWords);
}

void BuildScreen::finish(Step& step, BuildEvent::Kind kind, Time now) {
  using Kind = BuildEvent::Kind;
  take(step, step.lines.finish(), now);
  step.ended = now;
  step.state = kind == Kind::cached     ? Step::State::cached
               : kind == Kind::failed   ? Step::State::failed
               : kind == Kind::finished ? Step::State::done
                                        : Step::State::cancelled;
}

void BuildScreen::tell(const BuildEvent& event, Time now) {
  using Kind = BuildEvent::Kind;
  if (event.kind == Kind::planned) {
    planned_ = event.step;
    return;
  }
  if (event.kind == Kind::started) {
    steps_.push_back({.id = event.step,
                      .name = on_one_line(event.text),
                      .began = now});
    return;
  }
  Step* const step = find(event.step);
  if (step == nullptr) return;
  if (event.kind == Kind::noted)
    step->note = harmless_line(event.text);
  else if (event.kind == Kind::output)
    take(*step, step->lines.add(event.text), now);
  else
    finish(*step, event.kind, now);
}

void BuildScreen::end(Time now) {
  for (Step& step : steps_)
    if (step.state == Step::State::running)
      finish(step, BuildEvent::Kind::cancelled, now);
  ended_ = now;
  over_ = true;
}

ScreenLine BuildScreen::title(unsigned columns, Time now) const {
  const auto done =
      std::count_if(steps_.begin(), steps_.end(), [](const Step& step) {
        return step.state == Step::State::done ||
               step.state == Step::State::cached;
      });
  const auto all = std::max(planned_, static_cast<int>(steps_.size()));
  return {cut_to(fmt::format("[+] Building {:.1f}s ({}/{}){}",
                             seconds(began_, over_ ? ended_ : now),
                             done, all, over_ ? " FINISHED" : ""),
                 columns),
          ScreenLine::Kind::title};
}

ScreenLine BuildScreen::line_of(const Step& step, unsigned columns,
                                Time now) {
  using State = Step::State;
  const bool runs = step.state == State::running;
  const std::string_view word = step.state == State::cached ? "CACHED "
                                : step.state == State::failed ? "ERROR "
                                : step.state == State::cancelled
                                    ? "CANCELED "
                                    : "";
  const auto kind =
      runs ? ScreenLine::Kind::running
      : step.state == State::failed || step.state == State::cancelled
          ? ScreenLine::Kind::failed
          : ScreenLine::Kind::done;
  return {justified(
              fmt::format(" => {}{}", word, step.name),
              fmt::format("{:.1f}s",
                          seconds(step.began, runs ? now : step.ended)),
              columns),
          kind};
}

/// What goes on in a step that runs.
std::vector<ScreenLine> BuildScreen::below(const Step& step,
                                           unsigned columns,
                                           std::size_t most) {
  std::vector<ScreenLine> lines;
  if (step.state != Step::State::running || most == 0) return lines;
  if (!step.note.empty())
    lines.push_back({cut_to(" => => " + step.note, columns),
                     ScreenLine::Kind::output});
  std::vector<std::string> said{step.lines.last().begin(),
                                step.lines.last().end()};
  if (std::string begun = step.lines.begun(); !begun.empty())
    said.push_back(std::move(begun));
  const std::size_t room = most - std::min(most, lines.size());
  for (std::size_t i = said.size() - std::min(room, said.size());
       i < said.size(); ++i)
    lines.push_back({cut_to(" => => # " + said[i], columns),
                     ScreenLine::Kind::output});
  return lines;
}

/// The steps for which there is room: where it is short those that are
/// done go first, the oldest before the others.
std::vector<const BuildScreen::Step*> BuildScreen::shown(
    std::size_t room) const {
  std::vector<const Step*> steps;
  for (const Step& step : steps_) steps.push_back(&step);
  for (auto one = steps.begin();
       steps.size() > room && one != steps.end();)
    one = (*one)->state == Step::State::running ? one + 1
                                                : steps.erase(one);
  if (steps.size() > room)
    steps.erase(steps.begin(),
                steps.end() - static_cast<std::ptrdiff_t>(room));
  return steps;
}

std::vector<ScreenLine> BuildScreen::draw(const ScreenSize& size,
                                          Time now) const {
  const std::size_t room =
      over_ ? steps_.size() : std::max(size.rows, 3U) - 2;
  const std::vector<const Step*> steps = shown(room);
  const auto running = static_cast<std::size_t>(
      std::count_if(steps.begin(), steps.end(), [](const Step* step) {
        return step->state == Step::State::running;
      }));
  const std::size_t each =
      running == 0
          ? 0
          : std::min(kOutputLines, (room - steps.size()) / running);
  std::vector<ScreenLine> lines{title(size.columns, now)};
  for (const Step* step : steps) {
    lines.push_back(line_of(*step, size.columns, now));
    for (ScreenLine& line : below(*step, size.columns, each))
      lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<FailedStep> BuildScreen::failed() const {
  std::vector<FailedStep> failed;
  for (const Step& step : steps_)
    if (step.state == Step::State::failed)
      failed.push_back({step.name, step.timed});
  return failed;
}

}  // namespace dockwright
