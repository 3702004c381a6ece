#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chapters/11-dockerfile/checks/checker.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"

namespace dockwright {

namespace {

bool is_upper(const std::string& word) {
  return upper_case(word) == word;
}
bool is_lower(const std::string& word) {
  return lower_case(word) == word;
}

void check_casing(Checker& checker) {
  const auto& all = checker.file.instructions;
  const auto uppers = std::count_if(
      all.begin(), all.end(),
      [](const Instruction& one) { return is_upper(one.written); });
  const auto lowers = std::count_if(
      all.begin(), all.end(),
      [](const Instruction& one) { return is_lower(one.written); });
  const bool small = lowers > uppers;
  for (const Instruction& one : all)
    if (small ? !is_lower(one.written) : !is_upper(one.written))
      checker.add(
          Rule::consistent_instruction_casing, one,
          fmt::format("Command '{}' should match the case of "
                      "the command majority ({})",
                      one.written, small ? "lowercase" : "uppercase"));
}

void check_as(Checker& checker, const Instruction& from) {
  const std::string& as = from.words[1];
  const std::string& name = from.words[2];
  if (!(is_upper(from.written) && is_upper(as)) &&
      !(is_lower(from.written) && is_lower(as)))
    checker.add(
        Rule::from_as_casing, from,
        fmt::format("'{}' and '{}' keywords' casing do not match", as,
                    from.written));
  if (!is_lower(name))
    checker.add(
        Rule::stage_name_casing, from,
        fmt::format("Stage name '{}' should be lowercase", name));
}

void check_stage_names(Checker& checker) {
  constexpr std::array<std::string_view, 2> kReserved = {"context",
                                                         "scratch"};
  std::set<std::string> seen;
  for (const StageText& stage : checker.stages.stages) {
    if (stage.name.empty()) continue;
    check_as(checker, stage.from);
    if (std::find(kReserved.begin(), kReserved.end(), stage.name) !=
        kReserved.end())
      checker.add(Rule::reserved_stage_name, stage.from,
                  fmt::format("Stage name should not use the same name "
                              "as reserved stage {:?}",
                              stage.name));
    if (!seen.insert(stage.name).second)
      checker.add(Rule::duplicate_stage_name, stage.from,
                  fmt::format("Duplicate stage name {:?}, stage names "
                              "should be unique",
                              stage.from.words[2]));
  }
}

/// The comment above a stage or an argument is its description, and
/// then begins with its name.
void check_description(Checker& checker, const Instruction& one,
                       const std::vector<std::string>& names) {
  if (one.comments.empty() || names.empty()) return;
  for (const std::string& comment : one.comments)
    for (const std::string& name : names)
      if (comment.starts_with(name + " ")) return;
  checker.add(
      Rule::invalid_definition_description, one,
      fmt::format("Comment for {} should follow the format: `# {} "
                  "<description>`",
                  name_of(one.keyword),
                  names.size() == 1 ? names.front() : "<arg_key>"));
}

std::vector<std::string> defined_names(const Instruction& one) {
  if (one.keyword == Keyword::from && one.words.size() == 3)
    return {one.words[2]};
  std::vector<std::string> names;
  if (one.keyword == Keyword::arg)
    for (const Pair& pair : one.pairs) names.push_back(pair.name);
  return names;
}

}  // namespace

void check_names(Checker& checker) {
  check_casing(checker);
  check_stage_names(checker);
  for (const Instruction& one : checker.file.instructions) {
    check_description(checker, one, defined_names(one));
    if (one.empty_continuation)
      checker.add(Rule::no_empty_continuation, one,
                  "Empty continuation line");
    if (one.keyword == Keyword::maintainer)
      checker.add(
          Rule::maintainer_deprecated, one,
          "Maintainer instruction is deprecated in favor of using "
          "label");
  }
}

}  // namespace dockwright
