#include "chapters/11-dockerfile/checks/step_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "chapters/11-dockerfile/syntax/words.hpp"

namespace dockwright {

namespace {

/// Whether one of `parts`, between underscores, stands in `name`.
template <std::size_t N>
bool has_part(const std::string& name,
              const std::array<std::string_view, N>& parts) {
  const std::string small = "_" + lower_case(name) + "_";
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) {
                       return small.find(fmt::format("_{}_", part)) !=
                              std::string::npos;
                     });
}

bool sounds_secret(const std::string& name) {
  constexpr std::array<std::string_view, 10> kSecrets = {
      "apikey", "auth",     "credential", "credentials", "key",
      "passwd", "password", "pword",      "secret",      "token"};
  constexpr std::array<std::string_view, 1> kHarmless = {"public"};
  return has_part(name, kSecrets) && !has_part(name, kHarmless);
}

void check_command(Checker& checker, const StageScope& scope,
                   const Instruction& one) {
  if (one.json || one.words.empty() || scope.own_shell) return;
  checker.add(
      Rule::json_args_recommended, one,
      fmt::format("JSON arguments recommended for {} to prevent "
                  "unintended behavior related to OS signals",
                  name_of(one.keyword)));
}

void check_directory(Checker& checker, StageScope& scope,
                     const Instruction& one) {
  const std::string& path = one.words.front();
  // What a variable holds is not known before the build.
  const std::size_t first = path.find_first_not_of("\"'");
  const bool relative = first != std::string::npos &&
                        path[first] != '/' && path[first] != '$';
  if (!relative) {
    scope.absolute_directory = true;
  } else if (!scope.absolute_directory) {
    checker.add(Rule::workdir_relative_path, one,
                fmt::format("Relative workdir {:?} can have unexpected "
                            "results if the base image changes",
                            path));
  }
}

void check_form(Checker& checker, const Instruction& one) {
  if (one.old_form)
    checker.add(Rule::legacy_key_value_format, one,
                fmt::format("\"{0} key=value\" should be used instead "
                            "of legacy \"{0} key value\" format",
                            name_of(one.keyword)));
}

void check_ports(Checker& checker, const Instruction& one) {
  for (const std::string& word : one.words) {
    const std::size_t slash = word.find('/');
    const std::string protocol =
        slash == std::string::npos ? "" : word.substr(slash + 1);
    if (protocol.find('$') == std::string::npos &&
        lower_case(protocol) != protocol)
      checker.add(Rule::expose_proto_casing, one,
                  fmt::format("Defined protocol '{}' in EXPOSE "
                              "instruction should be lowercase",
                              word));
    // `${PORT:-80}` has a colon of its own.
    if (word.find(':') != std::string::npos &&
        word.find('$') == std::string::npos)
      checker.add(Rule::expose_invalid_format, one,
                  fmt::format("EXPOSE instruction should not define an "
                              "IP address or host-port mapping, found "
                              "'{}'",
                              word));
  }
}

bool is_of_context(const Instruction& one, const std::string& source) {
  const bool other =
      std::any_of(one.flags.begin(), one.flags.end(),
                  [](const Flag& flag) { return flag.name == "from"; });
  return !other && !heredoc_of(source) &&
         source.find("://") == std::string::npos &&
         source.find('$') == std::string::npos;
}

void check_ignored(Checker& checker, const Instruction& one) {
  const auto& ignored = checker.surroundings.ignored;
  if (!ignored) return;
  for (std::size_t i = 0; i + 1 < one.words.size(); ++i)
    if (is_of_context(one, one.words[i]) && ignored(one.words[i]))
      checker.add(
          Rule::copy_ignored_file, one,
          fmt::format("Attempting to {} file {:?} that is excluded by "
                      ".dockerignore",
                      one.keyword == Keyword::add ? "Add" : "Copy",
                      one.words[i]));
}

}  // namespace

void check_secrets(Checker& checker, const Instruction& one) {
  for (const Pair& pair : one.pairs)
    if (sounds_secret(pair.name))
      checker.add(Rule::secrets_used_in_arg_or_env, one,
                  fmt::format("Do not use ARG or ENV instructions for "
                              "sensitive data ({} {:?})",
                              name_of(one.keyword), pair.name));
}

void check_step(Checker& checker, StageScope& scope,
                const Instruction& one) {
  switch (one.keyword) {
    case Keyword::cmd:
    case Keyword::entrypoint:
      return check_command(checker, scope, one);
    case Keyword::shell:
      scope.own_shell = true;
      return;
    case Keyword::workdir:
      return check_directory(checker, scope, one);
    case Keyword::arg:
      return check_secrets(checker, one);
    case Keyword::env:
      check_form(checker, one);
      return check_secrets(checker, one);
    case Keyword::label:
      return check_form(checker, one);
    case Keyword::expose:
      return check_ports(checker, one);
    case Keyword::add:
    case Keyword::copy:
      return check_ignored(checker, one);
    default:
      return;
  }
}

void check_repetitions(Checker& checker, const StageText& stage) {
  std::map<Keyword, const Instruction*> last;
  for (const Instruction& one : stage.steps) {
    if (one.keyword != Keyword::cmd &&
        one.keyword != Keyword::entrypoint &&
        one.keyword != Keyword::healthcheck)
      continue;
    if (const Instruction* const before =
            std::exchange(last[one.keyword], &one))
      checker.add(
          Rule::multiple_instructions_disallowed, *before,
          fmt::format("Multiple {} instructions should not be used in "
                      "the same stage because only the last one will "
                      "be used",
                      name_of(one.keyword)));
  }
}

}  // namespace dockwright
