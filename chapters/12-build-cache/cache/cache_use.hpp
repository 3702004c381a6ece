#pragma once
// How one build uses the cache: whether it looks into it, where else it
// looks, and what it has used, for that may be exported.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chapters/12-build-cache/cache/build_cache.hpp"
#include "chapters/12-build-cache/cache/exported_cache.hpp"

namespace dockwright {

class CacheUse {
 public:
  /// Hears of each record that came of a step, found or made.
  using Used = std::function<void(const CacheRecord& record)>;

  struct Options {
    bool anew = false;  ///< `--no-cache`: find nothing.
    bool plan = false;  ///< Make nothing either.
  };

  /// @pre all outlive it
  CacheUse(const BuildCache& cache,
           const std::vector<ForeignCache>& others, const Store& store,
           Options options, Used used);

  /// What a step with these inputs made, or else what `make` makes
  /// now; `found` is told which. Builds that run at once make it once.
  struct Outcome {
    CacheRecord record{};
    bool found = false;
  };
  [[nodiscard]] Outcome get(
      const StepInputs& inputs, const std::string& step,
      const std::function<void(CacheRecord& record)>& make) const;

  /// Why there is nothing for these inputs, in words.
  [[nodiscard]] std::string why_missed(const StepInputs& inputs) const;
  [[nodiscard]] const Options& options() const noexcept {
    return options_;
  }

 private:
  [[nodiscard]] std::optional<CacheRecord> find(
      const StepInputs& inputs) const;

  const BuildCache& cache_;
  const std::vector<ForeignCache>& others_;
  const Store& store_;
  Options options_;
  Used used_;
};

}  // namespace dockwright
