#include "chapters/12-build-cache/progress/terminal_events.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>

#include "chapters/03-namespaces/init.hpp"
#include "chapters/12-build-cache/progress/build_screen.hpp"
#include "chapters/12-build-cache/progress/redraw.hpp"
#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetween{100};
/// What a message holds of output at once.
constexpr std::size_t kPiece = 32U << 10U;

std::string coloured(int fd, const ScreenLine& line) {
  using Kind = ScreenLine::Kind;
  using terminal::Style;
  switch (line.kind) {
    case Kind::title:
      return terminal::styled(fd, Style::heading, line.text);
    case Kind::done:
      return terminal::styled(fd, Style::good, line.text);
    case Kind::failed:
      return terminal::styled(fd, Style::bad, line.text);
    case Kind::output:
      return terminal::styled(fd, Style::dim, line.text);
    case Kind::running:
      break;
  }
  return line.text;
}

ScreenSize size_of(int fd) {
  ScreenSize size;
  winsize window{};
  if (::ioctl(fd, TIOCGWINSZ, &window) != 0) return size;
  if (window.ws_col > 0) size.columns = window.ws_col;
  if (window.ws_row > 0) size.rows = window.ws_row;
  // The last column stays free: terminals differ in what happens there.
  if (size.columns > 1) --size.columns;
  return size;
}

/// The process that draws.
class Display {
 public:
  Display(int fd, const UniqueFd& events, const UniqueFd& builder)
      : fd_{fd}, events_{events}, builder_{builder} {}

  void work() {
    while (wait() && take())
      if (Clock::now() - last_ >= kBetween) draw();
    screen_.end(Clock::now());
    draw();
    for (const FailedStep& step : screen_.failed())
      put(last_words(step));
  }

 private:
  /// Until something happened or time has passed; false at the end.
  [[nodiscard]] bool wait() const {
    std::array polled{pollfd{events_.get(), POLLIN, 0},
                      pollfd{builder_.get(), POLLIN, 0}};
    ignore(::poll(polled.data(), polled.size(),
                  static_cast<int>(kBetween.count())),
           "then we look without being told");
    return polled[1].revents == 0 || polled[0].revents != 0;
  }

  /// All events that are there; false when no more will come.
  bool take() {
    std::string bytes(kPiece + 64, '\0');
    for (;;) {
      const ssize_t size = ::recv(events_.get(), bytes.data(),
                                  bytes.size(), MSG_DONTWAIT);
      if (size < 0) return errno == EAGAIN || errno == EINTR;
      if (size == 0) return false;
      screen_.tell(unpack_event(std::string_view{bytes}.substr(
                       0, static_cast<std::size_t>(size))),
                   Clock::now());
      if (Clock::now() - last_ >= kBetween) return true;
    }
  }

  void draw() {
    const ScreenSize size = size_of(fd_);
    std::vector<std::string> lines;
    std::vector<std::string> plain;
    for (const ScreenLine& line : screen_.draw(size, Clock::now())) {
      lines.push_back(coloured(fd_, line));
      plain.push_back(line.text);
    }
    put(redraw_.over(lines, plain, size.columns + 1));
    last_ = Clock::now();
  }

  void put(const std::string& text) const {
    ignore(::write(fd_, text.data(), text.size()),
           "a build does not end because nobody looks");
  }

  int fd_;
  const UniqueFd& events_;
  const UniqueFd& builder_;
  BuildScreen screen_{Clock::now()};
  Redraw redraw_{};
  Clock::time_point last_{};
};

Process start_display(int fd, SocketPair& sockets) {
  const UniqueFd builder = own_pidfd();
  Process display = spawn({.speaker = "the display"}, [&] {
    sockets.parent.reset();
    // What ends the builder is the builder's to tell: we see its end.
    for (const int number : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTTOU})
      std::signal(number, SIG_IGN);
    Display{fd, sockets.child, builder}.work();
  });
  sockets.child.reset();
  return display;
}

}  // namespace

std::string pack_event(const BuildEvent& event) {
  std::string bytes(1 + sizeof event.step, '\0');
  bytes[0] = static_cast<char>(event.kind);
  std::memcpy(&bytes[1], &event.step, sizeof event.step);
  return bytes + event.text;
}

BuildEvent unpack_event(std::string_view bytes) {
  BuildEvent event;
  if (bytes.size() < 1 + sizeof event.step) return event;
  event.kind = static_cast<BuildEvent::Kind>(bytes[0]);
  std::memcpy(&event.step, &bytes[1], sizeof event.step);
  event.text = bytes.substr(1 + sizeof event.step);
  return event;
}

TerminalEvents::TerminalEvents(int fd)
    : display_{[&] {
        SocketPair sockets = make_socket_pair();
        Process display = start_display(fd, sockets);
        socket_ = std::move(sockets.parent);
        return display;
      }()} {}

TerminalEvents::~TerminalEvents() {
  // Not `reset`: a child of ours may have a copy, and this ends all.
  ::shutdown(socket_.get(), SHUT_WR);
  ignore(display_.wait(), "it draws, and has nothing to say");
}

void TerminalEvents::tell(const BuildEvent& event) {
  BuildEvent piece = event;
  std::string_view rest = event.text;
  do {
    piece.text = rest.substr(0, kPiece);
    rest.remove_prefix(piece.text.size());
    const std::string bytes = pack_event(piece);
    ignore(retry([&] {
             return ::send(socket_.get(), bytes.data(), bytes.size(),
                           MSG_NOSIGNAL);
           }),
           "a build does not end because its display did");
  } while (!rest.empty());
}

}  // namespace dockwright
