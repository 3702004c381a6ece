#pragma once
// What a step's program writes, as lines that may be shown. They come
// in pieces that end anywhere, and from a program of the image, which
// must not steer the reader's terminal: control characters are written
// as `\x1b`. Two habits of programs are honoured: a carriage return
// begins the line again, and what only colours is left out.

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

/// A line as it may be shown.
[[nodiscard]] std::string harmless_line(std::string_view line);

/// Text as one harmless line: newlines and blanks become one blank.
[[nodiscard]] std::string on_one_line(std::string_view text);

/// Makes lines of pieces.
class OutputLines {
 public:
  /// The lines that `bytes` completes. A line without an end is given
  /// out as it grows too long.
  [[nodiscard]] std::vector<std::string> add(std::string_view bytes);
  /// The line that has not ended yet, as it stands.
  [[nodiscard]] std::string begun() const;
  /// What was begun and did not end; empty if nothing was.
  [[nodiscard]] std::vector<std::string> finish();
  /// The last lines that were given out, the oldest first.
  [[nodiscard]] const std::deque<std::string>& last() const noexcept {
    return last_;
  }

 private:
  void give(std::vector<std::string>& lines, std::string_view line);

  std::string begun_{};
  std::deque<std::string> last_{};
};

}  // namespace dockwright
