#include "tests/unit/layers/sealed.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "common/check.hpp"
#include "common/pipe.hpp"

namespace dockwright {

namespace {

void seal_all_but(const std::string& room) {
  check(::unshare(CLONE_NEWNS), "get mounts of our own");
  check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "keep them to ourselves");
  check(::mount(room.c_str(), room.c_str(), nullptr, MS_BIND | MS_REC, nullptr), "make {} a mount", room);
  mount_attr read_only{.attr_set = MOUNT_ATTR_RDONLY, .attr_clr = 0, .propagation = 0, .userns_fd = 0};
  check(::mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &read_only, sizeof read_only), "make all read-only");
  mount_attr writable{.attr_set = 0, .attr_clr = MOUNT_ATTR_RDONLY, .propagation = 0, .userns_fd = 0};
  check(::mount_setattr(AT_FDCWD, room.c_str(), AT_RECURSIVE, &writable, sizeof writable), "but not {}",
        room);
}

}  // namespace

std::string in_read_only_machine(const std::filesystem::path& room,
                                 const std::function<std::string()>& attempt) {
  if (::geteuid() != 0) return attempt();
  Pipe answer = make_pipe();
  const pid_t child = check(::fork(), "fork");
  if (child == 0) {
    int code = 0;
    try {
      seal_all_but(room.native());
      const std::string text = attempt();
      if (::write(answer.write_end.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        code = 3;
    } catch (const std::exception& error) {
      dprintf(STDERR_FILENO, "the sealed child: %s\n", error.what());
      code = 2;
    }
    ::_exit(code);
  }
  answer.write_end.reset();
  std::string text;
  std::array<char, 4096> block{};
  for (ssize_t size = 0; (size = ::read(answer.read_end.get(), block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(size));
  int status = 0;
  check(::waitpid(child, &status, 0), "wait for the sealed child");
  if (status != 0) throw Failure{"the sealed child has failed"};
  return text;
}

}  // namespace dockwright
