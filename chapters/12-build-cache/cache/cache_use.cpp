#include "chapters/12-build-cache/cache/cache_use.hpp"

#include "chapters/12-build-cache/cache/missed.hpp"

namespace dockwright {

CacheUse::CacheUse(const BuildCache& cache,
                   const std::vector<ForeignCache>& others,
                   const Store& store, Options options, Used used)
    : cache_{cache},
      others_{others},
      store_{store},
      options_{options},
      used_{std::move(used)} {}

std::optional<CacheRecord> CacheUse::find(
    const StepInputs& inputs) const {
  if (options_.anew) return std::nullopt;
  if (auto found = cache_.find(inputs)) return found;
  for (const ForeignCache& other : others_)
    if (auto found = other.find(store_, inputs)) {
      cache_.keep(*found);
      return found;
    }
  return std::nullopt;
}

//! [get]
CacheUse::Outcome CacheUse::get(
    const StepInputs& inputs, const std::string& step,
    const std::function<void(CacheRecord& record)>& make) const {
  auto found = find(inputs);
  UniqueFd turn;
  //! [ex12.4]
  if (!found && !options_.plan) {
    turn = cache_.take_turn(inputs.key());
    // Beyond this point nobody else makes it, and somebody may have.
    found = find(inputs);
  }
  //! [ex12.4]
  Outcome outcome{.found = found.has_value()};
  if (found) {
    outcome.record = std::move(*found);
  } else {
    outcome.record = {.inputs = inputs, .step = step};
    make(outcome.record);
    if (!options_.plan) cache_.keep(outcome.record);
  }
  used_(outcome.record);
  return outcome;
}
//! [get]

std::string CacheUse::why_missed(const StepInputs& inputs) const {
  if (options_.anew) return "the cache is not to be used";
  return dockwright::why_missed(inputs, cache_.entries());
}

}  // namespace dockwright
