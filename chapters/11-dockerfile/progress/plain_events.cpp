#include "chapters/11-dockerfile/progress/plain_events.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLastWords = 10;

}  // namespace

std::string last_words(const FailedStep& step) {
  std::string text = fmt::format("------\n > {}:\n", step.name);
  for (const std::string& line : step.last_lines) text += line + '\n';
  return text + "------\n";
}

PlainEvents::PlainEvents(int fd, Clock::time_point (*now)())
    : fd_{fd}, now_{now} {}

PlainEvents::~PlainEvents() {
  for (const FailedStep& step : failed_) text_ += last_words(step);
  write();
}

void PlainEvents::write() {
  for (std::string_view rest = text_; !rest.empty();) {
    const ssize_t size =
        retry([&] { return ::write(fd_, rest.data(), rest.size()); });
    if (size <= 0) break;  // a build does not end: nobody looks
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  text_.clear();
}

double PlainEvents::seconds(const Step& step) const {
  return std::chrono::duration<double>{now_() - step.began}.count();
}

/// Turns to a step: whoever spoke before has not ended yet.
void PlainEvents::face(StepId id) {
  if (speaking_ == id) return;
  if (speaking_ != 0) text_ += fmt::format("#{} ...\n", speaking_);
  if (!first_) text_ += '\n';
  first_ = false;
  text_ += fmt::format("#{} {}\n", id, steps_[id].name);
  speaking_ = id;
}

void PlainEvents::show(StepId id,
                       const std::vector<std::string>& lines) {
  Step& step = steps_[id];
  for (const std::string& line : lines) {
    face(id);
    const std::string timed =
        fmt::format("{:.3f} {}", seconds(step), line);
    text_ += fmt::format("#{} {}\n", id, timed);
    step.timed.push_back(timed);
    if (step.timed.size() > kLastWords)
      step.timed.erase(step.timed.begin());
  }
}

void PlainEvents::end(const BuildEvent& event, Step& step) {
  using Kind = BuildEvent::Kind;
  show(event.step, step.lines.finish());
  face(event.step);
  if (event.kind == Kind::cached)
    text_ += fmt::format("#{} CACHED\n", event.step);
  else if (event.kind == Kind::finished)
    text_ +=
        fmt::format("#{} DONE {:.1f}s\n", event.step, seconds(step));
  else if (event.kind == Kind::cancelled)
    text_ += fmt::format("#{} CANCELED\n", event.step);
  else
    text_ += fmt::format("#{} ERROR: {}\n", event.step,
                         harmless_line(event.text));
  if (event.kind == Kind::failed)
    failed_.push_back({step.name, std::move(step.timed)});
  steps_.erase(event.step);
  speaking_ = 0;
}

void PlainEvents::tell(const BuildEvent& event) {
  using Kind = BuildEvent::Kind;
  if (event.kind == Kind::planned) return;
  Step& step = steps_[event.step];
  switch (event.kind) {
    case Kind::planned:
      break;
    case Kind::started:
      step.name = on_one_line(event.text);
      step.began = now_();
      face(event.step);
      break;
    case Kind::noted:
      face(event.step);
      text_ += fmt::format("#{} {}\n", event.step,
                           harmless_line(event.text));
      break;
    case Kind::output:
      show(event.step, step.lines.add(event.text));
      break;
    case Kind::cached:
    case Kind::finished:
    case Kind::failed:
    case Kind::cancelled:
      end(event, step);
      break;
  }
  write();
}

}  // namespace dockwright
