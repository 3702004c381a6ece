#include "chapters/12-build-cache/stages/plan_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chapters/11-dockerfile/progress/output_lines.hpp"
#include "common/json.hpp"

namespace dockwright {

namespace {

/// `[builder ` of `[builder 2/4] RUN make`.
std::string_view stage_of(const PlannedStep& step) {
  return std::string_view{step.name}.substr(0, step.name.find(' '));
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void PlanEvents::tell(const BuildEvent& event) {
  PlannedStep& step = steps_[event.step];
  switch (event.kind) {
    case BuildEvent::Kind::started:
      step.name = on_one_line(event.text);
      break;
    case BuildEvent::Kind::cached:
      step.cached = true;
      break;
    case BuildEvent::Kind::noted:
      step.why = event.text;
      break;
    default:
      break;
  }
}

std::vector<PlannedStep> PlanEvents::steps() const {
  // Stages in the order in which they begin; workers tell in turns.
  std::vector<PlannedStep> sorted;
  std::vector<std::string> stages;
  for (const auto& [id, step] : steps_) {
    const std::string stage{stage_of(step)};
    if (!step.name.empty() &&
        std::find(stages.begin(), stages.end(), stage) == stages.end())
      stages.push_back(stage);
  }
  for (const std::string& stage : stages)
    for (const auto& [id, step] : steps_)
      if (!step.name.empty() && stage_of(step) == stage)
        sorted.push_back(step);
  return sorted;
}

std::string plan_text(const std::vector<PlannedStep>& steps,
                      const std::vector<std::string>& unneeded) {
  std::size_t width = 0;
  for (const PlannedStep& step : steps)
    width = std::max(width, step.name.size());
  std::string text;
  for (const PlannedStep& step : steps) {
    const std::string what = step.cached ? "CACHED" : step.why;
    text += what.empty()
                ? step.name + "\n"
                : fmt::format("{:{}}  {}\n", step.name, width, what);
  }
  if (!unneeded.empty())
    text += fmt::format("not needed: {}\n", joined(unneeded));
  return text;
}

std::string plan_json(const std::vector<PlannedStep>& steps,
                      const std::vector<std::string>& unneeded) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const PlannedStep& step : steps) {
    nlohmann::ordered_json one{{"step", step.name},
                               {"cached", step.cached}};
    if (!step.why.empty()) one["why"] = step.why;
    list.push_back(std::move(one));
  }
  return write_json({{"steps", list}, {"unneeded", unneeded}}) + "\n";
}

}  // namespace dockwright
