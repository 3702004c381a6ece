#include "book/workbook/build_my.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

/// Lines of ninja, cmake and ccache, which say nothing about the reader's code.
bool is_noise(const std::string& line) {
  return starts_with(line, "[") || starts_with(line, "FAILED:") || starts_with(line, "ninja:") ||
         starts_with(line, "-- ") || contains_text(line, "ccache ") || contains_text(line, "/c++ ") ||
         contains_text(line, "cmake -E ");
}

}  // namespace

Built build_targets(const Project& project, const std::vector<std::string>& targets) {
  if (!std::filesystem::exists(project.build() / "CMakeCache.txt"))
    throw std::runtime_error("nothing is built yet: type `chapters/tour` first");
  std::vector<std::string> command = {"cmake", "--build", project.build().string(), "--target"};
  command.insert(command.end(), targets.begin(), targets.end());
  const auto finished = run_program(command);
  Built built{.done = finished.exit_code == 0, .messages = {}};
  for (const auto& line : split_lines(finished.out))
    if (!is_noise(line)) built.messages += replace_all(line, project.root().string() + "/", "") + "\n";
  return built;
}

}  // namespace dockwright::workbook
