// `workbook gate`: for those who write exercises. CTest runs it for every chapter.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "book/workbook/commands.hpp"
#include "book/workbook/gate.hpp"
#include "book/workbook/lab_jobs.hpp"
#include "book/workbook/machine.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

int gate(int number) {
  const auto project = Project::find();
  const auto paper = Paper::of_stdout();
  const auto chapter = project.chapter(number);
  if (const auto missing = lacking_with_lab(Machine::here(), load_exercises(chapter).needs);
      !missing.empty()) {
    fmt::print("skipped: needs {}\n", missing);
    return 1;
  }
  int broken = 0;
  for (const auto& result : gate_chapter(project, chapter)) {
    fmt::print("{} {}\n", result.broken.empty() ? paper.passed() : paper.failed(), result.claim);
    for (const auto& line : split_lines(result.broken)) fmt::print("    {}\n", line);
    broken += result.broken.empty() ? 0 : 1;
  }
  return broken == 0 ? 0 : 1;
}

}  // namespace

void add_gate_command(CLI::App& app, int& status) {
  auto number = std::make_shared<int>(0);
  auto* command = app.add_subcommand(
      "gate", "Prove a chapter's exercises: starters red, solutions green, wrong ones told");
  command->add_option("N", *number, "The chapter's number")->required();
  command->callback([number, &status] { status = gate(*number); });
}

}  // namespace dockwright::workbook
