#include "book/workbook/compare_calls.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <set>
#include <stdexcept>

#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/syscalls.hpp"

namespace dockwright::workbook::matrix {

namespace {

/// How a C library starts, keeps its memory and asks for a file's kind (one call in one version, another in
/// the next), and what depends on the moment: no lesson in it.
const std::set<std::string, std::less<>>& noise() {
  static const std::set<std::string, std::less<>> names = {"brk",
                                                           "mmap",
                                                           "munmap",
                                                           "mprotect",
                                                           "madvise",
                                                           "futex",
                                                           "restart_syscall",
                                                           "rseq",
                                                           "readlink",
                                                           "arch_prctl",
                                                           "set_tid_address",
                                                           "set_robust_list",
                                                           "prlimit64",
                                                           "getrandom",
                                                           "uname",
                                                           "exit_group",
                                                           "rt_sigreturn",
                                                           "sched_yield",
                                                           "clock_nanosleep",
                                                           "fstat",
                                                           "newfstatat",
                                                           "statx",
                                                           "lseek"};
  return names;
}

std::string rows(const std::map<std::string, int>& from, const std::map<std::string, int>& without,
                 std::string_view sign) {
  std::string text;
  for (const auto& [name, count] : from) {
    if (without.contains(name)) continue;
    text += fmt::format("| {} | `{}` | {} |\n", sign, name, purpose_of(name));
  }
  return text;
}

/// What the C library makes of functions such as `readdir` and `open`, or no chapter explains.
std::string_view library_call(std::string_view name) {
  static const std::map<std::string_view, std::string_view> calls = {
      {"getcwd", "tell the path of the working directory"},
      {"getdents64", "read the entries of a directory"},
      {"geteuid", "tell with whose rights we run"},
      {"getpid", "tell our own process number"},
      {"getuid", "tell who runs us"},
      {"openat", "open a file (the library's `open`)"},
      {"pidfd_open", "open a process that is there by its number"}};
  const auto call = calls.find(name);
  return call == calls.end() ? "" : call->second;
}

}  // namespace

std::string_view purpose_of(std::string_view name) {
  const auto* const known = find_system_call(name);
  return known == nullptr ? library_call(name) : known->purpose;
}

std::vector<TracedCall> parse_trace(std::string_view text) {
  std::vector<TracedCall> calls;
  for (const auto& line : split_lines(text)) {
    const auto after_pid = line.find_first_not_of("0123456789");
    if (after_pid == 0 || after_pid == std::string::npos) continue;
    const auto start = line.find_first_not_of(' ', after_pid);
    const auto parenthesis = line.find('(', after_pid);
    if (start == std::string::npos || parenthesis == std::string::npos || parenthesis == start) continue;
    if (std::islower(static_cast<unsigned char>(line[start])) == 0 && line[start] != '_')
      continue;  // +++ --- <...
    calls.push_back({.pid = std::stoi(line.substr(0, after_pid)),
                     .name = line.substr(start, parenthesis - start),
                     .text = line.substr(start)});
  }
  return calls;
}

std::map<std::string, int> count_calls(const std::vector<TracedCall>& calls) {
  std::map<std::string, int> counts;
  for (const auto& call : calls)
    if (!noise().contains(call.name)) ++counts[call.name];
  return counts;
}

std::vector<TracedCall> trace(const World& world, const Runtime& runtime,
                              const std::vector<std::string>& command_line) {
  const auto file = world.base() / "trace";
  std::vector<std::string> line = {"strace", "-f", "-qq", "-o", file.string()};
  line.insert(line.end(), command_line.begin(), command_line.end());
  const auto mounts = World::mounts();
  auto options = for_measuring({});  // strace itself needs no preparation
  options.limit_milliseconds = 30'000;
  const auto finished = run_program(line, options);
  end_all_but(world.sentinel());
  World::unmount_new(mounts);
  if (finished.exit_code == 127 && ::access(file.c_str(), R_OK) != 0)
    throw std::runtime_error("skipped: needs strace (apt-get install strace)");
  if (finished.exit_code == 125 || finished.timed_out)
    throw std::runtime_error(fmt::format("{} below strace: {}", runtime.name, finished.err));
  return parse_trace(read_file(file));
}

std::string calls_as_markdown(const std::map<std::string, int>& before,
                              const std::map<std::string, int>& after, int stage_before, int stage_after) {
  const auto fresh = rows(after, before, "new");
  const auto gone = rows(before, after, "gone");
  if (fresh.empty() && gone.empty())
    return fmt::format("Stages {} and {} make the same system calls.\n", stage_before, stage_after);
  return fmt::format("| stage {} to {} | system call | what it does |\n| --- | --- | --- |\n{}{}",
                     stage_before, stage_after, fresh, gone);
}

}  // namespace dockwright::workbook::matrix
