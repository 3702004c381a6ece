#include "chapters/07-privileges/seccomp.hpp"

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cstring>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

/// Beside our own program, where an installation has it; else where it
/// was built.
std::string compiler() {
  std::string path(PATH_MAX, '\0');
  const auto size =
      check(::readlink("/proc/self/exe", path.data(), path.size()),
            "ask where our own program is");
  path.resize(static_cast<std::size_t>(size));
  path.replace(path.rfind('/') + 1, std::string::npos,
               "seccomp-compile");
  if (::access(path.c_str(), X_OK) == 0) return path;
  return std::string{built_in_filters().compiler};
}

std::string read_all(const UniqueFd& pipe) {
  std::string text;
  std::string part(65'536, '\0');
  for (;;) {
    const auto size =
        check(retry([&] {
                return ::read(pipe.get(), part.data(), part.size());
              }),
              "read the compiled filter");
    if (size == 0) return text;
    text.append(part, 0, static_cast<std::size_t>(size));
  }
}

/// Runs the compiler in a process of its own: its libraries and its
/// mistakes, if it has any, stay there.
SystemCallFilter compile(const std::string& profile,
                         CapabilitySet capabilities) {
  because("another filter than the one that was built in: compile it");
  std::vector<std::string> words = {"seccomp-compile", "--caps",
                                    fmt::format("{:x}", capabilities)};
  if (!profile.empty()) words.push_back(profile);
  Pipe pipe = make_pipe();
  const std::string path = compiler();
  Process child = spawn({.speaker = "the compiler"}, [&] {
    sys::dup2(pipe.write_end, STDOUT_FILENO);
    sys::execve(path, words, {});
  });
  pipe.write_end.reset();
  child.expect_started();
  const std::string answer = read_all(pipe.read_end);
  if (child.wait() != 0) throw Failure{answer};
  SystemCallFilter filter;
  constexpr std::size_t kHead = sizeof filter.flags;
  if (answer.size() <= kHead ||
      (answer.size() - kHead) % sizeof(sock_filter) != 0)
    throw Failure{"seccomp-compile answered with half a filter"};
  std::memcpy(&filter.flags, answer.data(), kHead);
  filter.made.resize((answer.size() - kHead) / sizeof(sock_filter));
  std::memcpy(filter.made.data(), answer.data() + kHead,
              answer.size() - kHead);
  return filter;
}

}  // namespace

//! [open_filter]
SystemCallFilter open_filter(const Spec& spec,
                             CapabilitySet capabilities) {
  if (spec.seccomp == "unconfined" ||
      (spec.privileged && spec.seccomp.empty()))
    return {};
  const BuiltIn& built_in = built_in_filters();
  const CapabilitySet matter = capabilities & built_in.named;
  if (!spec.seccomp.empty()) return compile(spec.seccomp, capabilities);
  if (matter == (default_capabilities() & built_in.named))
    return {.built_in = built_in.ordinary};
  if (matter == 0) return {.built_in = built_in.bare};
  return compile("", capabilities);
}
//! [open_filter]

//! [load_filter]
void forbid_new_privileges() {
  because("a setuid program must not give back what was taken");
  narrate("seccomp", [] {  // its section in the book, too
    return explain::Call{"prctl(PR_SET_NO_NEW_PRIVS, 1)",
                         "setpriv --no-new-privs COMMAND"};
  });
  check_call("prctl", ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
             "forbid new privileges");
}

void load_filter(const SystemCallFilter& filter) {
  const auto program = filter.program();
  if (program.empty()) return;
  because("most of the kernel's calls are not for this program");
  narrate("seccomp", [&] {
    return explain::Call{
        fmt::format("seccomp(SECCOMP_SET_MODE_FILTER, {}, {{.len={}}})",
                    filter.flags, program.size())};
  });
  const sock_fprog loaded{
      .len = static_cast<unsigned short>(program.size()),
      .filter = const_cast<sock_filter*>(program.data())};
  check_call("seccomp",
             ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                       filter.flags, &loaded),
             "put the filter of {} instructions in force",
             program.size());
}
//! [load_filter]

}  // namespace dockwright
