#include "chapters/01-process/exec.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "chapters/01-process/environment.hpp"
#include "chapters/01-process/exec_failure.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

bool executable(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 &&
         S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

bool exists(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

//! [enter_directory]
void enter_directory(const Spec& spec) {
  if (spec.workdir.empty() && spec.rootfs.empty()) return;
  because("a program begins in a directory of its own root");
  sys::chdir(spec.workdir.empty() ? "/" : spec.workdir);
  // A descriptor of the host that slipped through would lead out of the
  // root: such a directory has no path from here (CVE-2024-21626).
  if (const std::string where = sys::getcwd(); !where.starts_with('/'))
    throw Failure{fmt::format(
        "the working directory is outside the root: {}", where)};
}
//! [enter_directory]

std::string find_program(const std::string& command,
                         std::string_view path) {
  if (command.find('/') != std::string::npos) return command;
  std::string refused;
  //! [ex1.2]
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view directory = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(directory.size() + 1, rest.size()));
    if (directory.empty())
      continue;  // would mean the working directory
    const std::string candidate =
        fmt::format("{}/{}", directory, command);
    if (executable(candidate)) return candidate;
    if (exists(candidate)) refused = candidate;
  }
  //! [ex1.2]
  //! [not_found]
  if (!refused.empty())
    throw Failure{
        fmt::format("{} is there, but cannot be executed", refused),
        126};
  throw Failure{
      fmt::format("{}: not found along PATH ({})", command, path), 127};
  //! [not_found]
}

//! [exec]
void exec(const Spec& spec,
          const std::function<void(const std::string&)>& last_act) {
  const std::vector<std::string> environment = clean_environment(spec);
  const std::string program = find_program(
      spec.command.front(), environment_value(environment, "PATH"));
  because(
      "whatever we have open is ours, and not for the program to find");
  sys::close_on_exec_from(3);
  if (last_act) last_act(program);
  because(
      "from here on this process is the program, and nothing of us is "
      "left in it");
  try {
    sys::execve(program, spec.command, environment);
  } catch (const SystemCallError& error) {
    throw_exec_failure(program, error.code().value(), spec);
  }
}
//! [exec]

}  // namespace dockwright
