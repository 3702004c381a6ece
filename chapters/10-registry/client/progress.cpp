#include "chapters/10-registry/client/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "chapters/09-images/timestamp.hpp"
#include "common/check.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

constexpr std::chrono::milliseconds kBetween{100};
constexpr unsigned kWidestBar = 50;
/// What stands beside the bar: an ID, a state, two sizes.
constexpr unsigned kBeside = 50;

/// How many lines can be written over: what has left the screen at its
/// top cannot.
std::size_t rows(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_row < 3) return 22;
  return size.ws_row - 2U;
}

bool can_move_cursor(int fd) {
  const char* const term = std::getenv("TERM");
  return ::isatty(fd) == 1 && term != nullptr &&
         std::string_view{term} != "dumb";
}

}  // namespace

std::string bar(std::uint64_t done, std::uint64_t total,
                unsigned width) {
  const std::uint64_t whole = std::max<std::uint64_t>(total, 1);
  const std::uint64_t part = std::min(done, whole);
  const auto filled = static_cast<unsigned>(
      static_cast<double>(part) / static_cast<double>(whole) * width);
  std::string text(filled, '=');
  if (filled < width) text += '>';
  text.resize(width, ' ');
  return '[' + text + ']';
}

Progress::Progress(int fd, Quiet quiet)
    : fd_{fd},
      quiet_{quiet == Quiet::yes},
      terminal_{can_move_cursor(fd)} {}

Progress::~Progress() {
  const std::lock_guard lock{mutex_};
  if (!terminal_ || quiet_ || lines_.empty()) return;
  erase();
  draw(true);
}

void Progress::put(const std::string& text) const {
  ignore(::write(fd_, text.data(), text.size()),
         "a pull does not end because nobody looks");
}

std::size_t Progress::add(std::string id, std::string_view state,
                          Line line) {
  const std::lock_guard lock{mutex_};
  lines_.push_back({.id = std::move(id),
                    .state = std::string{state},
                    .over = line == Line::over});
  if (quiet_) return lines_.size() - 1;
  if (terminal_)
    draw(false);
  else
    put(fmt::format("{}: {}\n", lines_.back().id, state));
  return lines_.size() - 1;
}

void Progress::set(std::size_t line, std::string state) {
  const std::lock_guard lock{mutex_};
  lines_[line].state = std::move(state);
  lines_[line].total = 0;
  lines_[line].over = true;
  if (quiet_) return;
  if (terminal_)
    draw(false);
  else
    put(fmt::format("{}: {}\n", lines_[line].id, lines_[line].state));
}

void Progress::move(std::size_t line, std::string_view state,
                    std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock{mutex_};
  Row& moved = lines_[line];
  moved.over = false;
  if (moved.state != state) moved.state = state;
  moved.done = done;
  moved.total = total;
  draw_now_and_then();
}

void Progress::pass(std::size_t line, std::string state) {
  const std::lock_guard lock{mutex_};
  lines_[line].state = std::move(state);
  lines_[line].total = 0;
  lines_[line].over = false;
  draw_now_and_then();
}

void Progress::say(const std::string& text) {
  const std::lock_guard lock{mutex_};
  if (quiet_) return;
  if (terminal_) erase();
  put(text + '\n');
  if (terminal_) draw(false);
}

void Progress::draw_now_and_then() {
  if (quiet_ || !terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < kBetween) return;
  draw(false);
}

std::string Progress::text_of(const Row& row, unsigned columns) const {
  std::string text = fmt::format("{}: {}", row.id, row.state);
  if (row.total > 0) {
    const unsigned room = columns > kBeside ? columns - kBeside : 0;
    if (room >= 10)
      text +=
          ' ' + bar(row.done, row.total, std::min(room, kWidestBar));
    text += fmt::format("  {}/{}", decimal_size(row.done),
                        decimal_size(row.total));
  }
  // A line that is broken in two cannot be written over.
  return text.substr(0, columns > 0 ? columns - 1 : 0);
}

void Progress::erase() {
  if (drawn_ == 0) return;
  put(fmt::format("\033[{}A\r\033[J", drawn_));
  drawn_ = 0;
}

/// Draws the lines anew, or, where they are more than the screen has,
/// those from the first that is not done.
void Progress::draw(bool all) {
  const unsigned columns = terminal::width(fd_);
  const std::size_t room = rows(fd_);
  std::size_t from = 0;
  if (!all && lines_.size() > room) {
    while (from + room < lines_.size() && lines_[from].over) ++from;
  }
  const std::size_t end =
      all ? lines_.size() : std::min(lines_.size(), from + room);
  std::string text =
      drawn_ == 0 ? "" : fmt::format("\033[{}A\r", drawn_);
  for (std::size_t i = from; i < end; ++i)
    text += "\033[2K" + text_of(lines_[i], columns) + '\n';
  drawn_ = end - from;
  last_ = std::chrono::steady_clock::now();
  put(text);
}

}  // namespace dockwright
