#pragma once
// The flags of an instruction as values. Variables in them are
// expanded by `expansion`, which the caller makes of what is set where
// the instruction stands; one that changes nothing is `as_written`.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

using Expansion = std::function<std::string(std::string_view)>;

[[nodiscard]] inline std::string as_written(std::string_view text) {
  return std::string{text};
}

struct RunFlags {
  std::vector<std::string> mounts{};  ///< For `parse_run_mount`.
  std::string network = "default";    ///< default, none, host
  std::string security = "sandbox";   ///< sandbox, insecure
};

/// @throws Failure for a value that is none
[[nodiscard]] RunFlags run_flags(const Instruction& run,
                                 const Expansion& expansion);

/// Of COPY and ADD.
struct CopyFlags {
  std::string from{};  ///< Stage, image or context.
  std::optional<std::string> chown{};
  std::optional<std::string> chmod{};
  bool link = false;
  bool parents = false;
  std::vector<std::string> excludes{};
  std::optional<std::string> checksum{};  ///< ADD: `sha256:…`
  bool keep_git_dir = false;              ///< ADD
  /// ADD: absent, archives of the context are unpacked, and those of
  /// a URL are not.
  std::optional<bool> unpack{};
};

/// @throws Failure for a value that is none
[[nodiscard]] CopyFlags copy_flags(const Instruction& copy,
                                   const Expansion& expansion);

/// `--platform`; empty when it is not given.
[[nodiscard]] std::string platform_flag(const Instruction& from,
                                        const Expansion& expansion);

struct HealthFlags {
  std::optional<std::chrono::nanoseconds> interval{};
  std::optional<std::chrono::nanoseconds> timeout{};
  std::optional<std::chrono::nanoseconds> start_period{};
  std::optional<std::chrono::nanoseconds> start_interval{};
  std::optional<int> retries{};
};

/// @throws Failure for a value that is none
[[nodiscard]] HealthFlags health_flags(const Instruction& healthcheck);

}  // namespace dockwright
