#include "chapters/07-privileges/own_program.hpp"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

namespace {

constexpr int kDeepest = 5;  // the kernel follows no more interpreters

/// The path in a first line such as `#!/bin/sh -e`, or nothing.
std::string interpreter(const std::string& path) {
  const UniqueFd file{
      ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  std::array<char, 256> bytes{};
  const auto size = ::read(file.get(), bytes.data(), bytes.size());
  if (size <= 2) return "";
  std::string_view line{bytes.data(), static_cast<std::size_t>(size)};
  if (!line.starts_with("#!")) return "";
  const std::size_t begin = line.find_first_not_of(" \t", 2);
  if (begin == std::string_view::npos) return "";
  line.remove_prefix(begin);
  return std::string{line.substr(0, line.find_first_of(" \t\n"))};
}

}  // namespace

OwnProgram::OwnProgram() {
  struct stat status {};
  check(::stat("/proc/self/exe", &status), "look at our own program");
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

bool OwnProgram::is(const std::string& path) const {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 &&
         status.st_dev == device_ && status.st_ino == inode_;
}

//! [refuse]
void OwnProgram::refuse(const std::string& program) const {
  std::string path = program;
  for (int depth = 0; depth <= kDeepest && !path.empty(); ++depth) {
    if (is(path))
      throw Failure{
          fmt::format("{} is this runtime itself, which no container "
                      "may run",
                      program),
          Advice{.cause = "a container that gets hold of the runtime's "
                          "file could replace it",
                 .cure = "name a program of the container's own",
                 .chapter = 7,
                 .anchor = "ch07-init"},
          126};
    path = interpreter(path);
  }
}
//! [refuse]

void hide_from_others() {
  because("a process of the container must not look into this one");
  narrate("prctl",
          [] { return explain::Call{"prctl(PR_SET_DUMPABLE, 0)"}; });
  check_call("prctl", ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0),
             "hide from other processes");
}

void leave_keyring() {
  because("the keys of whoever started us are not the container's");
  narrate("keyctl", [] {
    return explain::Call{"keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)",
                         "keyctl session - COMMAND"};
  });
  const long ring =
      ::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
  // A kernel without keys, or a filter that lets nobody at them.
  if (ring == -1 && (errno == ENOSYS || errno == EPERM)) return;
  check_call("keyctl", ring, "begin a session keyring");
}

}  // namespace dockwright
