#include "chapters/12-build-cache/stages/stage_graph.hpp"

#include <algorithm>
#include <charconv>

#include "common/check.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

std::string small_letters(std::string_view text) {
  std::string small{text};
  for (char& letter : small)
    if (letter >= 'A' && letter <= 'Z')
      letter = static_cast<char>(letter - 'A' + 'a');
  return small;
}

/// A whole number and nothing else.
std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace

StageGraph::StageGraph(const std::vector<StageNeeds>& stages) {
  for (const StageNeeds& stage : stages)
    names_.push_back(small_letters(stage.name));
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const std::string base = small_letters(stages[i].base);
    std::optional<std::size_t> before;
    for (std::size_t j = 0; j < i; ++j)
      if (!base.empty() && names_[j] == base) before = j;
    bases_.push_back(before);
    std::vector<std::size_t> needs;
    if (before) needs.push_back(*before);
    for (const std::string& name : stages[i].sources)
      if (const auto found = source(name)) needs.push_back(*found);
    std::sort(needs.begin(), needs.end());
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
    needs_.push_back(std::move(needs));
  }
  std::vector<Seen> seen(stages.size(), Seen::no);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < stages.size(); ++i) visit(i, seen, order);
}

std::optional<std::size_t> StageGraph::source(
    std::string_view name) const {
  const std::string small = small_letters(name);
  // Of two stages with one name, the later one has it.
  for (std::size_t i = names_.size(); i-- > 0;)
    if (!small.empty() && names_[i] == small) return i;
  const auto number = number_of(name);
  if (number && *number < names_.size()) return number;
  return std::nullopt;
}

std::size_t StageGraph::target(const std::string& name) const {
  if (name.empty()) return names_.size() - 1;
  if (const auto found = source(name)) return *found;
  throw Failure{fmt::format("target stage \"{}\" could not be found{}",
                            name, did_you_mean(name, names_)),
                1};
}

std::vector<std::size_t> StageGraph::needed_for(
    std::size_t stage) const {
  std::vector<Seen> seen(needs_.size(), Seen::no);
  std::vector<std::size_t> order;
  visit(stage, seen, order);
  return order;
}

//! [visit]
void StageGraph::visit(std::size_t stage, std::vector<Seen>& seen,
                       std::vector<std::size_t>& order) const {
  //! [ex12.3]
  if (seen[stage] == Seen::done) return;
  if (seen[stage] == Seen::begun)
    throw Failure{
        fmt::format("circular dependency detected on stage: {}",
                    called(stage)),
        1};
  seen[stage] = Seen::begun;
  for (const std::size_t needed : needs_[stage])
    visit(needed, seen, order);
  seen[stage] = Seen::done;
  order.push_back(stage);
  //! [ex12.3]
}
//! [visit]

std::string StageGraph::called(std::size_t stage) const {
  return names_[stage].empty() ? std::to_string(stage) : names_[stage];
}

}  // namespace dockwright
