#pragma once
// Habits of a program that is used in a terminal: colour only where it can be seen and is wanted, lines that
// fit.

#include <string>
#include <string_view>

namespace dockwright::terminal {

/// Whether output to `fd` may be coloured: it is a terminal, NO_COLOR is not set, and TERM is not `dumb`.
/// See https://no-color.org.
[[nodiscard]] bool has_colour(int fd);

/// The width of the terminal at `fd` in columns; COLUMNS, or 80, where it is none.
[[nodiscard]] unsigned width(int fd);

/// What a colour is for, so that all programs of the workbook agree.
enum class Style { good, bad, heading, dim };

/// `text` in a style if `fd` may be coloured, else as it is.
[[nodiscard]] std::string styled(int fd, Style style, std::string_view text);

/// `text` broken at spaces into lines of at most `columns`; each line after the first is indented by `indent`
/// spaces.
[[nodiscard]] std::string wrap(std::string_view text, unsigned columns, unsigned indent = 0);

/// `text` with control characters other than a newline written as `\x1b`: names that come from a container's
/// files must not steer the reader's terminal.
[[nodiscard]] std::string without_controls(std::string_view text);

}  // namespace dockwright::terminal
