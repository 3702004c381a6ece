// `workbook hint` and `workbook solution`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <stdexcept>

#include "book/workbook/agenda.hpp"
#include "book/workbook/commands.hpp"
#include "book/workbook/own_name.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "book/workbook/workspace.hpp"

namespace dockwright::workbook {

namespace {

struct Chosen {
  Chapter chapter;
  Exercise exercise;
};

Chosen choose(const Project& project, const Progress& progress, const std::string& id) {
  const auto chosen = id.empty() ? current_exercise(project, progress) : id;
  const auto chapter = project.chapter(chapter_of_id(chosen));
  return {chapter, load_exercises(chapter).exercise(chosen)};
}

/// One layer more each time; when all are shown, all of them again.
int hint(const std::string& id) {
  const auto project = Project::find();
  const auto paper = Paper::of_stdout();
  auto progress = Progress::load(project.my());
  const auto exercise = choose(project, progress, id).exercise;
  const auto all = static_cast<int>(exercise.hints.size());
  const int shown = std::min(progress.hints_shown(exercise.id) + 1, all);
  fmt::print("{}\n", paper.bold(fmt::format("{} {}", exercise.id, exercise.title)));
  for (int at = 0; at < shown; ++at)
    fmt::print("\n  Hint {} of {}\n{}", at + 1, all,
               paper.paragraph(exercise.hints[static_cast<std::size_t>(at)], "    "));
  if (shown == all)
    fmt::print("\n  That was the last one. To see the solution: {}\n",
               paper.bold(as_typed(fmt::format("workbook solution {} --i-give-up", exercise.id))));
  progress.show_hint(exercise.id, shown);
  progress.save();
  return 0;
}

/// The book's file. Exercises in it that have not been passed yet stay as they are in the starter: a solution
/// gives away nothing but itself.
std::string book_way(const Chapter& chapter, const Exercise& exercise, const Progress& progress) {
  std::vector<Cut> others;
  for (const auto& other : load_exercises(chapter).exercises)
    if (other.file == exercise.file && other.id != exercise.id && !progress.has_passed(other.id))
      others.push_back(other.cut());
  const auto source = chapter.directory / exercise.file;
  return starter_of(read_file(source), others, source.string());
}

int solution(const std::string& id, bool i_give_up) {
  const auto project = Project::find();
  const auto paper = Paper::of_stdout();
  const auto progress = Progress::load(project.my());
  const auto [chapter, exercise] = choose(project, progress, id);
  if (!progress.has_passed(exercise.id) && !i_give_up)
    throw std::runtime_error(
        fmt::format("{} is not passed yet. `workbook hint {}` helps; `workbook solution {} --i-give-up` "
                    "shows it all the same.",
                    exercise.id, exercise.id, exercise.id));
  const auto ours = book_way(chapter, exercise, progress);
  const auto yours = my_chapter(project, chapter) / exercise.file;
  if (!std::filesystem::exists(yours)) {
    fmt::print("{}", join_lines(region_of(read_file(chapter.directory / exercise.file), exercise.id,
                                          exercise.file)));
    return 0;
  }
  const auto diff = run_program(
      {"diff", "-u", "--label", fmt::format("my/{}/{} (yours)", chapter.name, exercise.file), "--label",
       fmt::format("chapters/{}/{} (the book's)", chapter.name, exercise.file), yours.string(), "-"},
      {.input = ours});
  if (diff.exit_code > 1) throw std::runtime_error("cannot compare: " + trim(diff.out));
  if (diff.exit_code == 0) fmt::print("Your file is the book's, line by line.\n");
  fmt::print("{}", paper.unified_diff(diff.out));
  return 0;
}

}  // namespace

void add_hint_command(CLI::App& app, int& status) {
  auto id = std::make_shared<std::string>();
  auto* command = app.add_subcommand("hint", "A hint for an exercise, one layer more each time");
  command->add_option("ID", *id, "The exercise; without it: the one at hand");
  command->callback([id, &status] { status = hint(*id); });
}

void add_solution_command(CLI::App& app, int& status) {
  auto id = std::make_shared<std::string>();
  auto give_up = std::make_shared<bool>(false);
  auto* command =
      app.add_subcommand("solution", "The book's way, as a diff against yours, once you have passed");
  command->add_option("ID", *id, "The exercise; without it: the one at hand");
  command->add_flag("--i-give-up", *give_up, "Show it before you have passed");
  command->callback([id, give_up, &status] { status = solution(*id, *give_up); });
}

}  // namespace dockwright::workbook
