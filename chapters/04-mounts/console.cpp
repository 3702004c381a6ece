#include "chapters/04-mounts/console.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys.hpp"
#include "common/sys_mount.hpp"

namespace dockwright {

namespace {

int control(const UniqueFd& terminal, unsigned long request,
            unsigned long argument, std::string_view name) {
  narrate("ioctl", [&] {
    return explain::Call{fmt::format("ioctl({}, {}, {})",
                                     terminal.get(), name, argument)};
  });
  return check_call("ioctl", ::ioctl(terminal.get(), request, argument),
                    "{} of a terminal", name);
}

/// The size of our own terminal, whichever of the three descriptors is
/// one.
void copy_window_size(const UniqueFd& to) {
  winsize size{};
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::ioctl(fd, TIOCGWINSZ, &size) == -1) continue;
    check_call("ioctl", ::ioctl(to.get(), TIOCSWINSZ, &size),
               "set the size of the terminal");
    return;
  }
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written =
        retry([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (written <= 0)
      return;  // nobody reads any more: the container runs on
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Console::Console(const Spec& spec)
    : tty_{spec.tty}, interactive_{spec.interactive} {
  if (tty_ && interactive_ && ::isatty(STDIN_FILENO) != 1)
    throw Failure{
        "the input device is not a TTY",
        Advice{.cause =
                   "-it hands your terminal on, and standard input "
                   "is none",
               .cure = "run it in a terminal, or leave out -t",
               .chapter = 4,
               .anchor = "ch04-terminal"}};
  if (tty_) sockets_ = make_socket_pair();
  if (!tty_ && !interactive_) null_ = sys::open("/dev/null", O_RDONLY);
}

Console::~Console() {
  if (!tty_) return;
  while (master_ && output_open_ && copy_output())
    continue;  // what it wrote before it ended
  if (before_)
    ignore(::tcsetattr(STDIN_FILENO, TCSANOW, &*before_),
           "a terminal that is gone needs no mending");
}

//! [make_console]
void Console::make_in(const UniqueFd& root) {
  if (!tty_) return;
  because(
      "a terminal of its own: ours would let it type into our shell");
  const int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;
  const UniqueFd master = open_in_root(root, "/dev/pts/ptmx", flags);
  int locked = 0;
  control(master, TIOCSPTLCK, reinterpret_cast<unsigned long>(&locked),
          "TIOCSPTLCK");
  slave_ = UniqueFd{control(master, TIOCGPTPEER,
                            static_cast<unsigned long>(flags),
                            "TIOCGPTPEER")};
  copy_window_size(master);
  const UniqueFd place =
      make_in_root(root, "/dev/console", FileKind::file);
  sys::attach_mount(
      sys::clone_mount(slave_, sys::Depth::one, "the terminal"), place,
      "/dev/console");
  send_descriptor(sockets_.child, master);
}
//! [make_console]

//! [take_console]
void Console::take() const {
  because(
      "a session of its own: signals of our terminal are not for it");
  sys::setsid();
  if (null_) sys::dup2(null_, STDIN_FILENO);
  if (!slave_) return;
  control(slave_, TIOCSCTTY, 0, "TIOCSCTTY");
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    sys::dup2(slave_, fd);
}
//! [take_console]

std::vector<Watch> Console::watches() {
  if (!tty_ || !output_open_) return {};
  if (!master_)
    return {{.descriptor = sockets_.parent.get(),
             .ready = [this] { receive_master(); }}};
  std::vector<Watch> result = {
      {.descriptor = master_.get(),
       .ready = [this] { output_open_ = copy_output(); }}};
  if (!pending_.empty())
    result.push_back({.descriptor = master_.get(),
                      .events = POLLOUT,
                      .ready = [this] { write_input(); }});
  else if (interactive_ && input_open_)
    result.push_back({.descriptor = STDIN_FILENO,
                      .ready = [this] { read_input(); }});
  return result;
}

void Console::resize() const {
  if (master_) copy_window_size(master_);
}

void Console::receive_master() {
  sockets_.child.reset();  // only the container holds that end now: if
                           // it fails, we see the end
  master_ = receive_descriptor(sockets_.parent);
  if (!master_) {
    output_open_ = false;
    return;
  }
  // Never wait for one side while the other has something to say.
  check(::fcntl(master_.get(), F_SETFL, O_NONBLOCK),
        "make the terminal answer at once");
  if (!interactive_) return;
  termios settings{};
  check(::tcgetattr(STDIN_FILENO, &settings),
        "read the settings of the terminal");
  before_ = settings;
  ::cfmakeraw(&settings);  // every key is the container's, Ctrl-C too
  check(::tcsetattr(STDIN_FILENO, TCSANOW, &settings),
        "make the terminal raw");
}

void Console::read_input() {
  std::array<char, 4096> bytes{};
  const auto size = retry(
      [&] { return ::read(STDIN_FILENO, bytes.data(), bytes.size()); });
  if (size <= 0) {
    input_open_ = false;
    return;
  }
  pending_.assign(bytes.data(), static_cast<std::size_t>(size));
  write_input();
}

void Console::write_input() {
  const auto written = retry([&] {
    return ::write(master_.get(), pending_.data(), pending_.size());
  });
  if (written > 0) pending_.erase(0, static_cast<std::size_t>(written));
  if (written == -1 && errno != EAGAIN) {
    pending_.clear();
    input_open_ = false;
  }
}

/// Shows what the container wrote; false when there is nothing more at
/// the moment, or for good.
bool Console::copy_output() const {
  std::array<char, 16384> bytes{};
  const auto size = retry([&] {
    return ::read(master_.get(), bytes.data(), bytes.size());
  });
  if (size <= 0) return size == -1 && errno == EAGAIN;
  write_all(STDOUT_FILENO,
            {bytes.data(), static_cast<std::size_t>(size)});
  return true;
}

}  // namespace dockwright
