#include "chapters/12-build-cache/cache/missed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace dockwright {

namespace {

using ByName = std::map<std::string, Digest>;

ByName by_name(const StepInputs& inputs) {
  ByName all;
  for (const StepInput& input : inputs.all())
    all.emplace(input.name, input.value);
  return all;
}

/// The same step, changed: the first input says of what kind it is, and
/// of the next two, where it begins and what it does, one is the same.
bool is_like(const StepInputs& one, const StepInputs& other) {
  const std::vector<StepInput>& a = one.all();
  const std::vector<StepInput>& b = other.all();
  return a.size() > 2 && b.size() > 2 && a[0] == b[0] &&
         (a[1] == b[1] || a[2] == b[2]);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0                  ? ""
             : i + 1 == names.size() ? " and "
                                     : ", ") +
            names[i];
  return text;
}

}  // namespace

std::vector<std::string> differing_inputs(const StepInputs& one,
                                          const StepInputs& other) {
  std::vector<std::string> names;
  const ByName there = by_name(other);
  const ByName here = by_name(one);
  for (const StepInput& input : one.all()) {
    const auto found = there.find(input.name);
    if (found == there.end() || found->second != input.value)
      names.push_back(input.name);
  }
  for (const StepInput& input : other.all())
    if (!here.contains(input.name)) names.push_back(input.name);
  return names;
}

//! [missed]
std::string why_missed(const StepInputs& inputs,
                       const std::vector<CacheEntry>& entries) {
  std::vector<std::string> fewest;
  bool any = false;
  for (const CacheEntry& entry : entries) {
    if (!is_like(inputs, entry.record.inputs)) continue;
    std::vector<std::string> differing =
        differing_inputs(inputs, entry.record.inputs);
    if (any && differing.size() >= fewest.size()) continue;
    fewest = std::move(differing);
    any = true;
  }
  if (!any) return "nothing like it was built before";
  if (fewest.empty()) return "its layer is gone";
  return joined(fewest) + " changed";
}
//! [missed]

}  // namespace dockwright
