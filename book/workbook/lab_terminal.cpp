#include "book/workbook/lab_terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/check.hpp"

namespace dockwright::workbook {

namespace {
constexpr char kEscape = '\x1d';
constexpr int kTimes = 3;
}  // namespace

RawTerminal::RawTerminal(bool wanted) {
  if (!wanted || ::tcgetattr(STDIN_FILENO, &before_) == -1) return;
  termios raw = before_;
  ::cfmakeraw(&raw);
  check(::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw), "give the terminal to the laboratory");
  changed_ = true;
}

RawTerminal::~RawTerminal() {
  if (changed_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

std::string window_size() {
  winsize size{};
  if (::ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == -1 || size.ws_row == 0) return "24 80";
  return fmt::format("{} {}", size.ws_row, size.ws_col);
}

bool Escape::is_in(std::string_view typed) {
  for (const char key : typed) {
    seen_ = key == kEscape ? seen_ + 1 : 0;
    if (seen_ == kTimes) return true;
  }
  return false;
}

}  // namespace dockwright::workbook
