#include "book/workbook/matrix_declaration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace dockwright::workbook::matrix {

namespace {

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string_view word(Verdict verdict, const Wording& wording) noexcept {
  switch (verdict) {
    case Verdict::green:
      return wording.green;
    case Verdict::red:
      return wording.red;
    case Verdict::none:
      return "-";
    case Verdict::unclear:
      break;
  }
  return "unclear";
}

Verdict Probe::in_stage(int stage) const noexcept {
  const auto index = static_cast<std::size_t>(stage) - 1;
  return index < stages.size() ? stages[index] : Verdict::unclear;
}

Verdict Probe::in_other(const std::string& name) const noexcept {
  const auto found = others.find(name);
  return found == others.end() ? Verdict::unclear : found->second;
}

Verdict Probe::judge(std::string_view answer) const noexcept {
  if (holds(green, answer)) return Verdict::green;
  return holds(red, answer) ? Verdict::red : Verdict::unclear;
}

std::vector<std::string> Probe::options_of(int stage) const {
  // The last set of options that the stage already knows.
  const auto after = options.upper_bound(stage);
  return after == options.begin() ? std::vector<std::string>{} : std::prev(after)->second;
}

const Probe& Declaration::probe(std::string_view id) const {
  std::string known;
  for (const auto& each : probes) {
    if (each.id == id) return each;
    known += (known.empty() ? "" : ", ") + each.id;
  }
  throw std::runtime_error(
      fmt::format("there is no {} '{}'; the {} are {}", wording->row, id, wording->rows, known));
}

namespace {

Verdict before(const Probe& probe, int stage) {
  return stage <= 1 ? probe.in_other("bare") : probe.in_stage(stage - 1);
}

}  // namespace

std::vector<const Probe*> Declaration::turned_green(int stage) const {
  std::vector<const Probe*> rows;
  for (const auto& probe : probes)
    if (before(probe, stage) == Verdict::red && probe.in_stage(stage) == Verdict::green)
      rows.push_back(&probe);
  return rows;
}

std::vector<const Probe*> Declaration::turned_red(int stage) const {
  std::vector<const Probe*> rows;
  for (const auto& probe : probes)
    if (before(probe, stage) == Verdict::green && probe.in_stage(stage) == Verdict::red)
      rows.push_back(&probe);
  return rows;
}

std::vector<const Probe*> Declaration::still_red(int stage) const {
  std::vector<const Probe*> rows;
  for (const auto& probe : probes)
    if (probe.in_stage(stage) == Verdict::red) rows.push_back(&probe);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Probe* a, const Probe* b) { return a->chapter < b->chapter; });
  return rows;
}

}  // namespace dockwright::workbook::matrix
