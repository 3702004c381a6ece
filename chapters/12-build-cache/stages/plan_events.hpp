#pragma once
// `build --print plan` and `--print json`: what a build would do, and
// for each step whether it comes from the cache, or why not:
//
//     [build 1/3] FROM docker.io/library/node:20
//     [build 2/3] COPY package.json .   CACHED
//     [build 3/3] RUN npm ci            ENV NODE_ENV changed

#include <map>
#include <string>
#include <vector>

#include "chapters/11-dockerfile/build_events.hpp"

namespace dockwright {

/// A step of a plan.
struct PlannedStep {
  std::string name{};
  bool cached = false;
  std::string why{};  ///< Why it is not; empty for a base.
};

/// Listens to a build that makes nothing.
class PlanEvents : public BuildEvents {
 public:
  void tell(const BuildEvent& event) override;
  /// The steps of one stage one after the other.
  [[nodiscard]] std::vector<PlannedStep> steps() const;

 private:
  std::map<StepId, PlannedStep> steps_{};
};

/// `unneeded`: the names of stages that are not built.
[[nodiscard]] std::string plan_text(
    const std::vector<PlannedStep>& steps,
    const std::vector<std::string>& unneeded);
[[nodiscard]] std::string plan_json(
    const std::vector<PlannedStep>& steps,
    const std::vector<std::string>& unneeded);

}  // namespace dockwright
