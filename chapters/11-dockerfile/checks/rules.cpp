#include "chapters/11-dockerfile/checks/rules.hpp"

#include <algorithm>
#include <array>

#include "chapters/11-dockerfile/syntax/blanks.hpp"
#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/keywords.hpp"

namespace dockwright {

namespace {

/// In the order of the enumeration.
constexpr std::array<RuleText, 21> kRules = {{
    {"ConsistentInstructionCasing", "consistent-instruction-casing"},
    {"CopyIgnoredFile", "copy-ignored-file"},
    {"DuplicateStageName", "duplicate-stage-name"},
    {"ExposeInvalidFormat", "expose-invalid-format"},
    {"ExposeProtoCasing", "expose-proto-casing"},
    {"FromAsCasing", "from-as-casing"},
    {"FromPlatformFlagConstDisallowed",
     "from-platform-flag-const-disallowed"},
    {"InvalidDefaultArgInFrom", "invalid-default-arg-in-from"},
    {"InvalidDefinitionDescription", "invalid-definition-description",
     true},
    {"JSONArgsRecommended", "json-args-recommended"},
    {"LegacyKeyValueFormat", "legacy-key-value-format"},
    {"MaintainerDeprecated", "maintainer-deprecated"},
    {"MultipleInstructionsDisallowed",
     "multiple-instructions-disallowed"},
    {"NoEmptyContinuation", "no-empty-continuation"},
    {"RedundantTargetPlatform", "redundant-target-platform"},
    {"ReservedStageName", "reserved-stage-name"},
    {"SecretsUsedInArgOrEnv", "secrets-used-in-arg-or-env"},
    {"StageNameCasing", "stage-name-casing"},
    {"UndefinedArgInFrom", "undefined-arg-in-from"},
    {"UndefinedVar", "undefined-var"},
    {"WorkdirRelativePath", "workdir-relative-path"},
}};

static_assert(
    kRules[static_cast<std::size_t>(Rule::workdir_relative_path)]
        .name == "WorkdirRelativePath");

std::vector<std::string> parted(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = std::min(text.find(at), text.size());
    parts.emplace_back(trim(text.substr(0, end)));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

bool names(const std::vector<std::string>& list,
           std::string_view name) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& one) {
                       return one == "all" || one == name;
                     });
}

/// The names of rules, `all`, or nothing.
std::vector<std::string> rules_in(std::string_view text) {
  std::vector<std::string> known = rule_names();
  known.emplace_back("all");
  std::vector<std::string> rules = parted(text, ',');
  std::erase(rules, "");
  for (const std::string& rule : rules)
    if (std::find(known.begin(), known.end(), rule) == known.end())
      throw Failure{fmt::format("check: there is no rule {:?}{}", rule,
                                suggestion(rule, known))};
  return rules;
}

bool truth(std::string_view option, const std::string& value) {
  const std::string word = lower_case(value);
  if (word == "true" || word == "1" || word == "t") return true;
  if (word == "false" || word == "0" || word == "f") return false;
  throw Failure{fmt::format("check: {} is true or false, not {:?}",
                            option, value)};
}

}  // namespace

const RuleText& text_of(Rule rule) {
  return kRules[static_cast<std::size_t>(rule)];
}

std::vector<std::string> rule_names() {
  std::vector<std::string> all;
  for (const RuleText& rule : kRules) all.emplace_back(rule.name);
  return all;
}

bool CheckOptions::wants(Rule rule) const {
  const RuleText& text = text_of(rule);
  if (names(skip, text.name)) return false;
  return !text.experimental || names(experimental, text.name);
}

CheckOptions parse_check_options(std::string_view text) {
  CheckOptions options;
  for (const std::string& option : parted(text, ';')) {
    if (option.empty()) continue;
    const std::size_t equals = option.find('=');
    if (equals == std::string::npos)
      throw Failure{fmt::format("invalid check option {:?}", option)};
    const std::string key{trim(option.substr(0, equals))};
    const std::string value = option.substr(equals + 1);
    if (key == "skip")
      options.skip = rules_in(value);
    else if (key == "experimental")
      options.experimental = rules_in(value);
    else if (key == "error")
      options.error = truth(key, std::string{trim(value)});
    else
      throw Failure{fmt::format(
          "invalid check option {:?}{}", key,
          suggestion(key, {"skip", "error", "experimental"}))};
  }
  return options;
}

}  // namespace dockwright
