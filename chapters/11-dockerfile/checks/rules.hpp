#pragma once
// What `build --check` looks for: Docker's own checks, by the names
// that `# check=skip=…` and every message about them use.

#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

enum class Rule {
  consistent_instruction_casing,
  copy_ignored_file,
  duplicate_stage_name,
  expose_invalid_format,
  expose_proto_casing,
  from_as_casing,
  from_platform_flag_const_disallowed,
  invalid_default_arg_in_from,
  invalid_definition_description,
  json_args_recommended,
  legacy_key_value_format,
  maintainer_deprecated,
  multiple_instructions_disallowed,
  no_empty_continuation,
  redundant_target_platform,
  reserved_stage_name,
  secrets_used_in_arg_or_env,
  stage_name_casing,
  undefined_arg_in_from,
  undefined_var,
  workdir_relative_path
};

struct RuleText {
  std::string_view name;  ///< `StageNameCasing`
  std::string_view page;  ///< `stage-name-casing`, at docs.docker.com.
  bool experimental = false;  ///< Only when it is asked for.
};

[[nodiscard]] const RuleText& text_of(Rule rule);
[[nodiscard]] std::vector<std::string> rule_names();

/// One place where a rule is broken.
struct Finding {
  Rule rule = Rule::undefined_var;
  Lines lines{};
  std::string detail{};
  bool operator==(const Finding&) const = default;
};

/// `check=skip=A,B;error=true;experimental=all`
struct CheckOptions {
  std::vector<std::string> skip{};  ///< Or `all`.
  std::vector<std::string> experimental{};
  bool error = false;  ///< A build fails with a finding.

  /// Whether a rule is looked at.
  [[nodiscard]] bool wants(Rule rule) const;
};

/// @throws Failure for an option that is none
[[nodiscard]] CheckOptions parse_check_options(std::string_view text);

}  // namespace dockwright
