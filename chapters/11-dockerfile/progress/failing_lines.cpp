#include "chapters/11-dockerfile/progress/failing_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chapters/11-dockerfile/progress/output_lines.hpp"

namespace dockwright {

namespace {

/// So many around one line, so many around several.
constexpr int kAroundOne = 2;
constexpr int kAroundSeveral = 1;
constexpr const char* kRule = "--------------------";

}  // namespace

std::string show_failing_lines(const std::string& name,
                               const std::vector<std::string>& file,
                               const FailingLines& failing) {
  const int size = static_cast<int>(file.size());
  if (failing.first < 1 || failing.first > size) return "";
  const int last = std::clamp(failing.last, failing.first, size);
  const int around =
      failing.first == last ? kAroundOne : kAroundSeveral;
  std::string text = fmt::format("{}:{}\n{}\n", on_one_line(name),
                                 failing.first, kRule);
  const int end = std::min(last + around, size);
  for (int at = std::max(failing.first - around, 1); at <= end; ++at) {
    const bool failed = at >= failing.first && at <= last;
    text += fmt::format(
        " {:3} | {} {}\n", at, failed ? ">>>" : "   ",
        harmless_line(file[static_cast<std::size_t>(at - 1)]));
  }
  return text + kRule;
}

}  // namespace dockwright
