// laboratory_init: the first process of the laboratory's machine.
//
// The kernel starts it from a file system in memory that holds nothing but it and some modules. It makes the
// machine one in which somebody can work (file systems, one hierarchy of control groups, a loopback link, a
// name), asks the workbook through a virtio-serial port what to run, runs it and tells how it ended. It is
// one program and no script because where QEMU has to translate each instruction, every fork and exec costs a
// fiftieth of a second or more, and a script makes a hundred of them.

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <exception>
#include <filesystem>
#include <stdexcept>

#include "book/workbook/lab/guest.hpp"
#include "common/check.hpp"

using namespace dockwright;
using namespace dockwright::lab;

namespace {

/// There is no udev here: the port is known by what the kernel says of it, not by a name in /dev.
UniqueFd open_port() {
  for (int attempt = 0; attempt < 500; ++attempt, ::usleep(10'000)) {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator{"/sys/class/virtio-ports", none}) {
      if (read_whole(entry.path() / "name") != fmt::format("{}\n", kPortName)) continue;
      const auto device = "/dev/" + entry.path().filename().string();
      return UniqueFd{check(::open(device.c_str(), O_RDWR | O_CLOEXEC), "open {}", device)};
    }
  }
  throw std::runtime_error("there is no port to the workbook");
}

Request receive_request(const UniqueFd& port, FrameReader& frames) {
  std::array<char, 65536> bytes{};
  for (;;) {
    if (auto frame = frames.next()) {
      if (frame->type == FrameType::request) return decode_request(frame->payload);
      continue;
    }
    const auto size =
        check(retry([&] { return ::read(port.get(), bytes.data(), bytes.size()); }), "read the port");
    if (size == 0) throw std::runtime_error("the workbook has gone");
    frames.add({bytes.data(), static_cast<std::size_t>(size)});
  }
}

void raise_loopback() {
  const UniqueFd socket{check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "open a socket")};
  ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  check(::ioctl(socket.get(), SIOCSIFFLAGS, &request), "raise the loopback link");
}

/// The whole story. @returns the command's exit code
int run_laboratory(const UniqueFd& port) {
  send(port, encode(FrameType::hello));
  FrameReader frames;
  const auto request = receive_request(port, frames);
  enter_root(request);
  // Beyond this point everything that is written is written to memory.
  mount_rest(request);
  set_up_cgroups();
  check(::sethostname("laboratory", 10), "name the machine");
  raise_loopback();
  std::string group;
  if (request.as_user) {
    make_user();
    open_the_way(request.project);
    open_the_way(request.directory);
    group = delegate_group(kReader);
  }
  send(port, encode(FrameType::ready));
  return run_session(port, frames, request, group);
}

[[noreturn]] void switch_off(int /*signal*/ = 0) {
  ::reboot(RB_POWER_OFF);
  for (;;) ::pause();  // a first process that ends is a panic
}

}  // namespace

int main() {
  ::signal(SIGPIPE, SIG_IGN);
  for (const int signal : {SIGUSR1, SIGUSR2, SIGTERM, SIGPWR}) ::signal(signal, switch_off);
  UniqueFd port;
  try {
    mount_first();
    load_modules();
    port = open_port();
    send(port, encode(FrameType::exit_code, std::to_string(run_laboratory(port))));
  } catch (const std::exception& error) {
    fmt::print(stderr, "laboratory: {}\n", error.what());
    try {
      if (port) send(port, encode(FrameType::failure, error.what()));
    } catch (const std::exception&) {
      switch_off();  // the console has it
    }
  }
  // The workbook takes the machine away when it has read the last frame; it does so without waiting for us.
  pollfd watched{.fd = port.get(), .events = 0, .revents = 0};
  if (port) ::poll(&watched, 1, 2'000);
  switch_off();
}
