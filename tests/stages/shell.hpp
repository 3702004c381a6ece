#pragma once

#include <filesystem>
#include <string>

#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

/// What a script printed (both streams) and how it ended.
struct Result {
  int code = -1;
  std::string output{};
};

/// A reader's shell: bash in a directory of its own, the stages first in its PATH, a root file system at
/// `rootfs`. What a script leaves behind (mounts, a renamed host, processes) goes with it, unless it runs on
/// the host itself.
class Shell {
 public:
  enum class Where { apart, host };
  explicit Shell(Where where = Where::apart);

  /// Runs a script, with a time limit that no honest one meets.
  Result operator()(const std::string& script) const;
  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_.path(); }
  [[nodiscard]] std::filesystem::path rootfs() const { return directory_.path() / "rootfs"; }

 private:
  Where where_;
  TemporaryDirectory directory_;
};

/// A script that is run and its output checked in one line of a test.
#define CHECK_SCRIPT(shell, script, expected_code, expected_output) \
  do {                                                              \
    const Result result_ = (shell)(script);                         \
    CAPTURE(script, result_.output);                                \
    CHECK(result_.code == (expected_code));                         \
    CHECK(result_.output == (expected_output));                     \
  } while (false)

/// As CHECK_SCRIPT, for a part of the output.
#define CHECK_SCRIPT_SAYS(shell, script, expected_code, expected_part) \
  do {                                                                 \
    const Result result_ = (shell)(script);                            \
    CAPTURE(script, result_.output);                                   \
    CHECK(result_.code == (expected_code));                            \
    CHECK(contains(result_.output, expected_part));                    \
  } while (false)
