#pragma once
// A Dockerfile's lines, put together: one that ends with the escape
// character goes on in the next; comments and blank lines between two
// pieces do not count. What a heredoc holds is read as it stands.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// How large a Dockerfile may be; beyond, it is refused and the limit
/// named.
struct DockerfileLimits {
  static constexpr std::size_t kBytes = 4U << 20;
  static constexpr std::size_t kLineBytes = 65'535;  ///< As BuildKit's.
  static constexpr std::size_t kInstructions = 10'000;
};

struct LogicalLine {
  std::string text{};  ///< Without blanks in front.
  Lines lines{};
  std::vector<std::string> comments{};  ///< Right above it.
  bool empty_continuation = false;      ///< A blank line was in it.
};

/// Hands out the lines of a file, and fills in its `lines` and
/// `directives`. The text and the file must live longer.
class LogicalLines {
 public:
  /// @throws DockerfileError for a wrong directive or a limit
  LogicalLines(std::string_view text, Dockerfile& file);

  /// The next line that is not blank and no comment.
  [[nodiscard]] std::optional<LogicalLine> next();

  /// The lines up to the one that is `heredoc`'s name, which is passed
  /// over. Nothing when there is no such line.
  [[nodiscard]] std::optional<std::string> body_of(
      const Heredoc& heredoc);

  /// The number of the line that was read last.
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  void split();
  void read_directives();
  void set_directive(const std::string& key, const std::string& value,
                     std::vector<std::string>& seen);
  bool take();
  void join(LogicalLine& line);
  [[noreturn]] void fail(const std::string& why) const;

  std::string_view text_;
  Dockerfile& file_;
  std::vector<std::string_view> raw_{};  ///< With their newlines.
  std::string_view current_{};           ///< Without.
  int number_ = 0;
  int directives_end_ = 0;  ///< The last line that is one.
};

}  // namespace dockwright
