#include "common/sys.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <climits>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/flags.hpp"

namespace dockwright::sys {

using explain::Call;
using explain::shell_place;
using explain::shell_word;

void sethostname(std::string_view name) {
  narrate("sethostname", [&] {
    return Call{fmt::format("sethostname(\"{}\")", name), fmt::format("hostname {}", shell_word(name))};
  });
  check_call("sethostname", ::sethostname(name.data(), name.size()), "set the host name to '{}'", name);
}

std::string gethostname() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  check(::gethostname(name.data(), name.size()), "read the host name");
  return name.data();
}

void chroot(const std::string& directory) {
  narrate("chroot", [&] {
    return Call{fmt::format("chroot(\"{}\")", directory), fmt::format("chroot {}", shell_word(directory))};
  });
  check_call("chroot", ::chroot(directory.c_str()), "change the root to {}",
             directory == "." ? "the working directory" : directory.c_str());
}

void chdir(const std::string& directory) {
  narrate("chdir", [&] {
    return Call{fmt::format("chdir(\"{}\")", directory), fmt::format("cd {}", shell_word(directory))};
  });
  check_call("chdir", ::chdir(directory.c_str()), "change the working directory to {}", directory);
}

void fchdir(const UniqueFd& directory, std::string_view name) {
  narrate("fchdir", [&] {
    return Call{fmt::format("fchdir({} /* {} */)", directory.get(), name),
                fmt::format("cd {}", shell_place(name))};
  });
  check_call("fchdir", ::fchdir(directory.get()), "change the working directory to {}", name);
}

std::string getcwd() {
  std::array<char, PATH_MAX + 16> path{};
  // The system call itself: glibc would turn the kernel's "(unreachable)" into an error without the path.
  const long size = check(::syscall(SYS_getcwd, path.data(), path.size()), "read the working directory");
  return std::string{path.data(), static_cast<std::size_t>(size - 1)};
}

namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += fmt::format("{}{}", text.empty() ? "" : " ", shell_word(word));
  return text;
}

}  // namespace

void execve(const std::string& path, const std::vector<std::string>& arguments,
            const std::vector<std::string>& environment) {
  narrate("execve", [&] {
    return Call{
        fmt::format("execve(\"{}\", [{}], /* {} variables */)", path, joined(arguments), environment.size()),
        fmt::format("exec env -i {} {}", joined(environment), joined(arguments))};
  });
  ::execve(path.c_str(), pointers(arguments).data(), pointers(environment).data());
  throw SystemCallError{"execve", errno, fmt::format("execute {}", path)};
}

void close_on_exec_from(unsigned first) {
  narrate("close_range",
          [&] { return Call{fmt::format("close_range({}, ~0, CLOSE_RANGE_CLOEXEC)", first)}; });
  check_call("close_range", ::close_range(first, ~0U, CLOSE_RANGE_CLOEXEC),
             "mark stray descriptors close-on-exec");
}

void close_from(unsigned first) {
  check_call("close_range", ::close_range(first, ~0U, 0), "close the descriptors that the caller left open");
}

void set_parent_death_signal(int signal) {
  narrate("prctl", [&] { return Call{fmt::format("prctl(PR_SET_PDEATHSIG, {})", flags::signal(signal))}; });
  check_call("prctl", ::prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0), "ask for a signal when the parent ends");
}

void setsid() {
  narrate("setsid", [] { return Call{"setsid()", "setsid COMMAND"}; });
  check_call("setsid", ::setsid(), "begin a session");
}

void dup2(const UniqueFd& source, int target) {
  narrate("dup2", [&] { return Call{fmt::format("dup2({}, {})", source.get(), target)}; });
  check_call("dup2", ::dup2(source.get(), target), "make descriptor {} the same as {}", target, source.get());
}

UniqueFd open(const std::string& path, int flags) {
  return UniqueFd{
      check_call("open", retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC); }), "open {}", path)};
}

void mkdirat(const UniqueFd& directory, const std::string& name, mode_t mode) {
  narrate("mkdirat", [&] {
    return Call{fmt::format("mkdirat({}, \"{}\", {:#o})", directory.get(), name, mode),
                fmt::format("mkdir -m {:o} {}", mode, shell_word(name))};
  });
  check_call("mkdirat", ::mkdirat(directory.get(), name.c_str(), mode), "make the directory {}", name);
}

void symlinkat(const std::string& target, const UniqueFd& directory, const std::string& name) {
  narrate("symlinkat", [&] {
    return Call{fmt::format("symlinkat(\"{}\", {}, \"{}\")", target, directory.get(), name),
                fmt::format("ln -s {} {}", shell_word(target), shell_word(name))};
  });
  check_call("symlinkat", ::symlinkat(target.c_str(), directory.get(), name.c_str()), "make the link {}",
             name);
}

void mknod_character(const UniqueFd& directory, const std::string& name, mode_t mode, unsigned major,
                     unsigned minor) {
  narrate("mknodat", [&] {
    return Call{fmt::format("mknodat({}, \"{}\", S_IFCHR|{:#o}, makedev({}, {}))", directory.get(), name,
                            mode, major, minor),
                fmt::format("mknod -m {:o} {} c {} {}", mode, name, major, minor)};
  });
  check_call("mknodat", ::mknodat(directory.get(), name.c_str(), S_IFCHR | mode, makedev(major, minor)),
             "make the device {}", name);
}

void make_file(const UniqueFd& directory, const std::string& name, mode_t mode) {
  const UniqueFd made{check_call(
      "openat",
      ::openat(directory.get(), name.c_str(), O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode),
      "make the file {}", name)};
}

void umask(mode_t mask) {
  narrate("umask", [&] {
    return Call{fmt::format("umask({:#o})", mask), fmt::format("umask {:03o}", mask)};
  });
  ::umask(mask);
}

}  // namespace dockwright::sys
