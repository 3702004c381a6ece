// `workbook start`, `workbook reset`, `workbook exercises`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "book/workbook/agenda.hpp"
#include "book/workbook/commands.hpp"
#include "book/workbook/own_name.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/workspace.hpp"

namespace dockwright::workbook {

namespace {

int start(int number) {
  const auto project = Project::find();
  const auto paper = Paper::of_stdout();
  const auto chapter = project.chapter(number);
  const auto sheet = load_exercises(chapter);
  start_chapter(project, chapter);
  fmt::print("Chapter {}, {}: your copy is in my/{}\n\n", sheet.chapter, sheet.title, chapter.name);
  for (const auto& exercise : sheet.exercises)
    fmt::print("  {}  {}\n       look for TODO({}) in my/{}/{}\n", exercise.id, exercise.title, exercise.id,
               chapter.name, exercise.file);
  fmt::print("\nType:  {}\n", paper.bold(as_typed("workbook check " + sheet.exercises.front().id)));
  return 0;
}

int reset(int number) {
  const auto project = Project::find();
  auto progress = Progress::load(project.my());
  const auto chapter =
      project.chapter(number >= 0 ? number : chapter_of_id(current_exercise(project, progress)));
  const auto attic = reset_chapter(project, chapter);
  progress.forget(chapter.number);
  progress.save();
  if (attic.empty())
    fmt::print("my/{} is as it was at the start.\n", chapter.name);
  else
    fmt::print("my/{} is as it was at the start. What you had is in my/attic/{}\n", chapter.name,
               attic.filename().string());
  return 0;
}

int list(int number) {
  const auto project = Project::find();
  const auto paper = Paper::of_stdout();
  const auto progress = Progress::load(project.my());
  for (const auto& chapter : project.chapters()) {
    if ((number >= 0 && chapter.number != number) || !has_exercises(chapter)) continue;
    const auto sheet = load_exercises(chapter);
    fmt::print("{}\n", paper.bold(fmt::format("Chapter {}: {}", sheet.chapter, sheet.title)));
    for (const auto& exercise : sheet.exercises)
      fmt::print("  {:4}  {}  {}\n", exercise.id,
                 paper.habits().plain               ? (progress.has_passed(exercise.id) ? "passed" : "open")
                 : progress.has_passed(exercise.id) ? paper.passed()
                                                    : " ",
                 exercise.title);
  }
  return 0;
}

}  // namespace

void add_start_command(CLI::App& app, int& status) {
  auto number = std::make_shared<int>(-1);
  auto* command = app.add_subcommand("start", "Copy a chapter to my/, with the exercises cut out");
  command->add_option("N", *number, "The chapter's number")->required();
  command->callback([number, &status] { status = start(*number); });
}

void add_reset_command(CLI::App& app, int& status) {
  auto number = std::make_shared<int>(-1);
  auto* command =
      app.add_subcommand("reset", "Put a chapter's copy back to its start; what you have goes to my/attic");
  command->add_option("N", *number, "The chapter's number; without it: the one at hand");
  command->callback([number, &status] { status = reset(*number); });
}

void add_exercises_command(CLI::App& app, int& status) {
  auto number = std::make_shared<int>(-1);
  auto* command = app.add_subcommand("exercises", "List the exercises and which are passed");
  command->add_option("N", *number, "Only those of this chapter");
  command->callback([number, &status] { status = list(*number); });
}

}  // namespace dockwright::workbook
