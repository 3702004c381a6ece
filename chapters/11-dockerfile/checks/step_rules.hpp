#pragma once
// The rules about one instruction of a stage.

#include "chapters/11-dockerfile/checks/checker.hpp"

namespace dockwright {

/// What is known where an instruction stands. A stage that is based on
/// another begins with what that one ended with.
struct StageScope {
  std::set<std::string> names{};  ///< Variables that are set.
  bool base_is_known = true;
  bool own_shell = false;           ///< SHELL was there.
  bool absolute_directory = false;  ///< WORKDIR /… was there.
};

/// Checks `one`, and notes in `scope` what it changes there.
void check_step(Checker& checker, StageScope& scope,
                const Instruction& one);

/// Whether an ARG or ENV is called as secrets are.
void check_secrets(Checker& checker, const Instruction& one);

/// CMD, ENTRYPOINT or HEALTHCHECK that a later one overrules.
void check_repetitions(Checker& checker, const StageText& stage);

}  // namespace dockwright
