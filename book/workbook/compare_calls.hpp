#pragma once
// Which system calls a stage makes to run a program that does nothing, as strace sees them.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "book/workbook/matrix_world.hpp"
#include "book/workbook/runtime.hpp"

namespace dockwright::workbook::matrix {

/// One line of `strace -f -o FILE`.
struct TracedCall {
  int pid = 0;
  std::string name{};  ///< `mount`
  std::string text{};  ///< `mount("proc", …) = 0`; as far as strace had it when another process cut in
};

/// Reads strace's output. Ends of calls that were cut in two, signals and exits are left out.
[[nodiscard]] std::vector<TracedCall> parse_trace(std::string_view text);

/// How often each call was made. Without those that say nothing about a stage: memory, locks, signals'
/// returns.
[[nodiscard]] std::map<std::string, int> count_calls(const std::vector<TracedCall>& calls);

/// What a system call does, in a few words; nothing for one that no stage makes.
[[nodiscard]] std::string_view purpose_of(std::string_view name);

/// Runs `command` in the stage below strace. Only the worker of a laboratory may.
/// @throws std::runtime_error when strace is missing or the stage fails
[[nodiscard]] std::vector<TracedCall> trace(const World& world, const Runtime& runtime,
                                            const std::vector<std::string>& command_line);

/// What the second makes and the first does not, and the other way round: Markdown, stable enough to be
/// committed.
[[nodiscard]] std::string calls_as_markdown(const std::map<std::string, int>& before,
                                            const std::map<std::string, int>& after, int stage_before,
                                            int stage_after);

}  // namespace dockwright::workbook::matrix
