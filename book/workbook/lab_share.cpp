#include "book/workbook/lab_share.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "book/workbook/text.hpp"
#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/sys_mount.hpp"

namespace dockwright::workbook {

namespace {

void write_once(const char* path, const std::string& text) {
  const UniqueFd file{check(::open(path, O_WRONLY | O_CLOEXEC), "open {}", path)};
  check(::write(file.get(), text.data(), text.size()), "write '{}' to {}", text, path);
}

/// As an ordinary user: root of a user namespace that has this one user.
void become_root_of_a_namespace() {
  const auto user = ::geteuid();
  const auto group = ::getegid();
  check(::unshare(CLONE_NEWUSER), "make a user namespace");
  write_once("/proc/self/setgroups", "deny");
  write_once("/proc/self/uid_map", fmt::format("0 {} 1", user));
  write_once("/proc/self/gid_map", fmt::format("0 {} 1", group));
}

/// Every file of this machine that the server looks at is held by a descriptor.
void raise_descriptor_limit() {
  rlimit limit{};
  check(::getrlimit(RLIMIT_NOFILE, &limit), "ask for the limit of descriptors");
  limit.rlim_cur = limit.rlim_max;
  check(::setrlimit(RLIMIT_NOFILE, &limit), "raise the limit of descriptors");
}

/// A view of this machine in which nothing can be written.
void enter_read_only_view() {
  raise_descriptor_limit();
  if (::geteuid() != 0) become_root_of_a_namespace();
  check(::unshare(CLONE_NEWNS), "make a mount namespace");
  const UniqueFd root{check(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "open /")};
  sys::change_mount(
      root, {.set = MOUNT_ATTR_RDONLY, .propagation = MS_PRIVATE, .depth = sys::Depth::recursive}, "/");
}

/// A listening socket without a file: the kernel makes up a name that is in no directory.
UniqueFd listen_somewhere(sockaddr_un& address, socklen_t& size) {
  UniqueFd socket{check(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "make a socket")};
  address = {};
  address.sun_family = AF_UNIX;
  check(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(sa_family_t)),
        "name a socket");
  size = sizeof address;
  check(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), "ask for a socket's name");
  check(::listen(socket.get(), 1), "listen");
  return socket;
}

}  // namespace

ShareServer find_share_server(const Machine& machine) {
  for (const char* path : {"/usr/libexec/virtiofsd", "/usr/lib/virtiofsd"})
    if (machine.has_file(path)) return {.program = machine.file(path).string(), .in_rust = true};
  if (machine.has_file("/usr/lib/qemu/virtiofsd"))
    return {.program = machine.file("/usr/lib/qemu/virtiofsd").string(), .in_rust = false};
  return {};
}

std::vector<std::string> share_command(const ShareServer& server, int listening) {
  const auto fd = fmt::format("--fd={}", listening);
  // An overlay cannot reach into what is announced as a mount of its own, and wants its lower layer not to
  // change anyway: so what was read once is kept. That makes a start of a program in the machine eight times
  // faster.
  if (server.in_rust)
    return {server.program,
            fd,
            "--shared-dir=/",
            "--sandbox=none",
            "--no-announce-submounts",
            "--cache=always",
            "--rlimit-nofile=0"};
  return {server.program,
          "-f",
          fd,
          "-o",
          "source=/",
          "-o",
          "sandbox=chroot",
          "-o",
          "cache=always",
          "-o",
          "log_level=warn",
          "--rlimit-nofile=0"};
}

Share::Share(const ShareServer& server) {
  sockaddr_un address{};
  socklen_t size = 0;
  const auto listening = listen_somewhere(address, size);
  server_ = std::make_unique<Helper>(share_command(server, listening.get()),
                                     std::vector<int>{listening.get()}, enter_read_only_view);
  connection_.reset(check(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "make a socket"));
  check(::connect(connection_.get(), reinterpret_cast<const sockaddr*>(&address), size),
        "connect to virtiofsd");
}

std::string cannot_share(const ShareServer& server) {
  if (server.program.empty()) return "there is no virtiofsd";
  // The overlay opens files with O_NOATIME, which only a file's owner may; the later server leaves that out.
  if (!server.in_rust && ::geteuid() != 0) return "this virtiofsd opens the files of others only for root";
  Process trial = spawn({.speaker = "a trial"}, [] { enter_read_only_view(); });
  try {
    trial.expect_started();
    return trial.wait() == 0 ? "" : "a read-only view of the machine cannot be made";
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace dockwright::workbook
