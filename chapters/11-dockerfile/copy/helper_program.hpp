#pragma once
// Another program does a part of the work: git, or the one that speaks
// HTTP. It is run without a shell; what it says is kept for the error.

#include <string>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright {

struct HelperCall {
  std::string program{};  ///< A path, or a name to look for in PATH.
  std::vector<std::string> words{};  ///< With the program's own name.
  std::vector<std::string> environment{};
  const UniqueFd* output = nullptr;  ///< Where it writes; none: to us.
};

struct HelperResult {
  int code = 0;
  std::string said{};  ///< On both outputs, or on standard error.
};

/// Runs it and waits. @throws Failure when it is not there
[[nodiscard]] HelperResult run_helper_program(const HelperCall& call);

/// Where a program is by PATH; empty when it is nowhere.
[[nodiscard]] std::string find_program(const std::string& name);

}  // namespace dockwright
