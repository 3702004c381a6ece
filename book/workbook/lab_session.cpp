// One machine and what goes to and fro. See lab/frames.hpp for the words of the conversation.

#include "book/workbook/lab_session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"
#include "common/terminal.hpp"

namespace dockwright::workbook {

using lab::FrameType;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kEnoughUnwritten = 1 << 18;
constexpr std::size_t kLastLines = 12;
constexpr int kTimeIsOver = 124;  // as timeout(1)

UniqueFd open_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH}) ::sigaddset(&set, signal);
  check(::sigprocmask(SIG_BLOCK, &set, nullptr), "block signals");
  ::signal(SIGPIPE, SIG_IGN);
  return UniqueFd{check(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), "make a descriptor for signals")};
}

/// Writes to a stream of ours. False when nobody reads it any more.
bool show(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto size = retry([&] { return ::write(fd, text.data(), text.size()); });
    if (size == -1 && errno == EAGAIN) {
      pollfd watched{.fd = fd, .events = POLLOUT, .revents = 0};
      ignore(::poll(&watched, 1, -1), "the write says more");
      continue;
    }
    if (size == -1) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

/// The end of a text, each line indented, fit for a terminal.
std::string last_lines(const std::string& text) {
  const auto lines = split_lines(replace_all(text, "\r", ""));
  std::string result;
  for (const auto& line : lines)  // the cause stands before the registers
    if (contains_text(line, "Kernel panic")) result += "\n  " + terminal::without_controls(line);
  for (std::size_t at = lines.size() > kLastLines ? lines.size() - kLastLines : 0; at < lines.size(); ++at)
    result += "\n  " + terminal::without_controls(lines[at]);
  return result;
}

}  // namespace

LabSession::LabSession(LabMachine& machine, bool talkative)
    : machine_{machine}, talkative_{talkative}, signals_{open_signals()} {}

void LabSession::queue(FrameType type, std::string_view payload) {
  unwritten_ += lab::encode(type, payload);
  write_port();
}

void LabSession::write_port() {
  while (port_open_ && !unwritten_.empty()) {
    const auto size =
        retry([&] { return ::write(machine_.port().get(), unwritten_.data(), unwritten_.size()); });
    if (size == -1 && errno == EAGAIN) return;
    if (size == -1) port_open_ = false;
    if (size > 0) unwritten_.erase(0, static_cast<std::size_t>(size));
  }
}

void LabSession::listen() {
  machine_.qemu().listen();
  const auto& said = machine_.qemu().said();
  if (talkative_ && said.size() > shown_) show(STDERR_FILENO, std::string_view{said}.substr(shown_));
  shown_ = said.size();
  if (machine_.share() != nullptr) machine_.share()->server().listen();
}

void LabSession::take(const lab::Frame& frame) {
  bool heard = true;
  switch (frame.type) {
    case FrameType::hello:
      said_hello_ = true;
      break;
    case FrameType::ready:
      started_ = true;
      break;
    case FrameType::output:
      heard = show(STDOUT_FILENO, frame.payload);
      break;
    case FrameType::errors:
      heard = show(STDERR_FILENO, frame.payload);
      break;
    case FrameType::exit_code:
      code_ = lab::decode_exit_code(frame.payload);
      break;
    case FrameType::failure:
      failure_ = frame.payload;
      break;
    default:
      fail("its first process says what only we may say");
  }
  if (!heard) code_ = 128 + SIGPIPE;  // as for any program whose reader has gone
}

void LabSession::read_port() {
  std::array<char, 65536> bytes{};
  for (;;) {
    const auto size = retry([&] { return ::read(machine_.port().get(), bytes.data(), bytes.size()); });
    if (size == -1 && errno == EAGAIN) break;
    if (size <= 0) {
      port_open_ = false;
      break;
    }
    frames_.add({bytes.data(), static_cast<std::size_t>(size)});
    while (auto frame = frames_.next()) take(*frame);
    if (code_) return;
  }
}

void LabSession::read_input() {
  std::array<char, 32768> bytes{};
  const auto size = retry([&] { return ::read(STDIN_FILENO, bytes.data(), bytes.size()); });
  if (size == -1 && errno == EAGAIN) return;
  if (size <= 0) {
    input_open_ = false;
    queue(FrameType::end_of_input);
    return;
  }
  const std::string_view typed{bytes.data(), static_cast<std::size_t>(size)};
  if (terminal_ && escape_.is_in(typed)) code_ = 128 + SIGKILL;
  queue(FrameType::input, typed);
}

void LabSession::read_signal() {
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return;
  if (info.ssi_signo != SIGWINCH)
    code_ = 128 + static_cast<int>(info.ssi_signo);
  else if (terminal_ && started_)
    queue(FrameType::window_size, window_size());
}

void LabSession::wait(Clock::time_point end) {
  const bool hungry = started_ && input_open_ && unwritten_.size() < kEnoughUnwritten;
  const short port_events = static_cast<short>(unwritten_.empty() ? POLLIN : POLLIN | POLLOUT);
  const int server = machine_.share() != nullptr ? machine_.share()->server().output().get() : -1;
  std::array<pollfd, 6> watched = {{{.fd = machine_.port().get(), .events = port_events, .revents = 0},
                                    {.fd = machine_.qemu().output().get(), .events = POLLIN, .revents = 0},
                                    {.fd = server, .events = POLLIN, .revents = 0},
                                    {.fd = machine_.qemu().pidfd().get(), .events = POLLIN, .revents = 0},
                                    {.fd = signals_.get(), .events = POLLIN, .revents = 0},
                                    {.fd = hungry ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0}}};
  const auto left = std::chrono::ceil<milliseconds>(end - Clock::now()).count();
  const int most = static_cast<int>(std::clamp<long>(left, 0, 3'600'000));
  if (retry([&] { return ::poll(watched.data(), watched.size(), most); }) <= 0) return;
  if (watched[1].revents != 0 || watched[2].revents != 0 || watched[3].revents != 0) listen();
  if (watched[0].revents != 0 || watched[3].revents != 0) {
    read_port();
    write_port();
  }
  if (watched[3].revents != 0) port_open_ = false;
  if (watched[4].revents != 0) read_signal();
  if (watched[5].revents != 0) read_input();
}

void LabSession::fail(const std::string& what) {
  listen();
  const auto server = machine_.share() != nullptr ? machine_.share()->server().said() : std::string{};
  std::string story = "the laboratory failed: " + what;
  if (const auto& said = machine_.qemu().said(); !trim(said).empty())
    story += "\nits console's last words:" + last_lines(said);
  if (!started_ && !trim(server).empty()) story += "\nvirtiofsd's last words:" + last_lines(server);
  throw Failure{story};
}

bool LabSession::wait_for_hello(milliseconds limit) {
  const auto end = Clock::now() + limit;
  while (!said_hello_ && port_open_ && !code_ && failure_.empty() && Clock::now() < end) wait(end);
  return said_hello_ || code_ || !failure_.empty();
}

void LabSession::start(const lab::Request& request, milliseconds limit) {
  if (code_) return;
  terminal_ = request.terminal;
  queue(FrameType::request, lab::encode(request));
  const auto end = Clock::now() + limit;
  while (!started_ && port_open_ && !code_ && failure_.empty() && Clock::now() < end) wait(end);
  if (!failure_.empty()) fail(failure_);
  if (started_ || code_) return;
  fail(port_open_ ? fmt::format("it was not ready after {} s", limit.count() / 1000)
                  : "it ended before it was ready");
}

int LabSession::carry(std::chrono::seconds limit) {
  const auto end = limit.count() > 0 ? Clock::now() + limit : Clock::time_point::max();
  if (terminal_) queue(FrameType::window_size, window_size());
  while (!code_ && failure_.empty() && port_open_ && Clock::now() < end)
    wait(std::min(end, Clock::now() + std::chrono::hours{1}));
  if (code_) return *code_;
  if (!failure_.empty()) fail(failure_);
  if (!port_open_) fail("it ended, and did not say how the command did");
  fmt::print(stderr, "workbook: the command had not ended after {} s and was stopped\n", limit.count());
  return kTimeIsOver;
}

}  // namespace dockwright::workbook
