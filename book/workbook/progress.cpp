#include "book/workbook/progress.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

constexpr std::string_view kHead =
    "# What `workbook check` remembers; a line that is taken out is forgotten.\n";

}  // namespace

Progress Progress::load(const std::filesystem::path& my) {
  Progress progress{my / "progress"};
  if (!std::filesystem::exists(progress.file_)) return progress;
  int number = 0;
  for (const auto& line : split_lines(read_file(progress.file_))) {
    ++number;
    const auto words = split_words(line);
    if (words.empty() || words[0].front() == '#') continue;
    if (words[0] == "passed" && words.size() == 2)
      progress.passed_.insert(words[1]);
    else if (words[0] == "hint" && words.size() == 3)
      progress.hints_[words[1]] = std::atoi(words[2].c_str());
    else
      throw std::runtime_error(fmt::format(
          "{}:{}: '{}' is not understood; a line is `passed 2.1` or `hint 2.1 1`. Mend it or take it out.",
          progress.file_.string(), number, line));
  }
  return progress;
}

void Progress::save() const {
  std::string text{kHead};
  for (const auto& id : passed_) text += fmt::format("passed {}\n", id);
  for (const auto& [id, count] : hints_) text += fmt::format("hint {} {}\n", id, count);
  std::filesystem::create_directories(file_.parent_path());
  write_file(file_, text);
}

int Progress::hints_shown(const std::string& id) const {
  const auto found = hints_.find(id);
  return found == hints_.end() ? 0 : found->second;
}

void Progress::forget(int chapter) {
  const auto start = fmt::format("{}.", chapter);
  for (auto it = passed_.begin(); it != passed_.end();)
    it = starts_with(*it, start) ? passed_.erase(it) : std::next(it);
  for (auto it = hints_.begin(); it != hints_.end();)
    it = starts_with(it->first, start) ? hints_.erase(it) : std::next(it);
}

}  // namespace dockwright::workbook
