#pragma once

#include <termios.h>

#include <string>
#include <string_view>

namespace dockwright::workbook {

/// The caller's terminal while the laboratory has it: every key goes there, Ctrl-C too. As it was afterwards.
class RawTerminal {
 public:
  explicit RawTerminal(bool wanted);
  ~RawTerminal();
  RawTerminal(RawTerminal&&) = delete;

 private:
  bool changed_ = false;
  termios before_{};
};

/// Rows and columns of the terminal at standard input, as a frame has them.
std::string window_size();

/// Finds the keys that end a machine which no longer answers: Ctrl-] three times in a row.
class Escape {
 public:
  /// @returns whether the keys were typed
  bool is_in(std::string_view typed);

 private:
  int seen_ = 0;
};

}  // namespace dockwright::workbook
