#include "book/workbook/check_run.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "book/workbook/agenda.hpp"
#include "book/workbook/build_my.hpp"
#include "book/workbook/own_name.hpp"
#include "book/workbook/text.hpp"
#include "book/workbook/workspace.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostLines = 40;

/// The command as a reader would type it: with the program's name for $RUNTIME.
std::string shown(const std::string& run, const Candidate& candidate) {
  auto text = replace_all(run, "$RUNTIME", candidate.runtime.filename().string());
  text = replace_all(text, "$PROGRAM", candidate.program.filename().string());
  return replace_all(text, "$ROOTFS", "rootfs");
}

void tell_failure(const Paper& paper, const Exercise& exercise, const Check& check,
                  const CheckOutcome& outcome) {
  for (const auto& complaint : outcome.complaints) fmt::print("{}", paper.paragraph(complaint, "    "));
  if (check.output && !is_match(outcome.differences)) {
    if (paper.habits().plain)
      fmt::print("    expected and got, line by line:\n");
    else
      fmt::print("    expected {}, got {}:\n", paper.red("-"), paper.green("+"));
    fmt::print("{}", paper.diff(outcome.differences, "    "));
  } else {
    auto lines = split_lines(outcome.output);
    fmt::print("    it printed{}\n", lines.empty() ? " nothing" : ":");
    if (lines.size() > kMostLines) lines.resize(kMostLines);
    for (const auto& line : lines) fmt::print("      {}\n", line);
  }
  if (!outcome.host_output.empty())
    fmt::print("{}", paper.paragraph("the host said: " + outcome.host_output, "    "));
  if (const auto* rule = find_rule(exercise, outcome))
    fmt::print("\n  {}\n{}", paper.bold("What it saw"), paper.paragraph(rule->say, "    "));
}

/// What is put to the test: what was given, or the reader's own, freshly built. Nothing when it does not
/// compile.
std::optional<Candidate> candidate_for(const Project& project, const Paper& paper, const Chapter& chapter,
                                       const Exercise& exercise, const CheckOptions& options) {
  if (!options.runtime.empty()) {
    if (!fs::exists(options.runtime))
      throw std::runtime_error(fmt::format("there is no program {}", options.runtime));
    const auto program =
        options.program.empty() ? project.bin() / exercise.program : fs::path{options.program};
    return Candidate{fs::absolute(options.runtime),
                     exercise.program.empty() ? fs::path{} : fs::absolute(program)};
  }
  if (!is_started(project, chapter))
    throw std::runtime_error(
        fmt::format("chapter {} is not started: type `workbook start {}`", chapter.number, chapter.number));
  const auto targets = targets_of(chapter, exercise);
  std::vector<std::string> names = {targets.stage};
  if (!targets.program.empty()) names.push_back(targets.program);
  const auto built = build_targets(project, names);
  if (built.done) return Candidate{my_stage(project, chapter.number), my_program(project, exercise)};
  fmt::print("{} {} {}: it does not compile yet\n\n{}", paper.failed(), exercise.id, exercise.title,
             built.messages);
  return std::nullopt;
}

/// The exercises that were asked for, with their chapters.
std::vector<std::pair<Chapter, Exercise>> chosen(const Project& project, const Progress& progress,
                                                 const CheckOptions& options) {
  auto ids = options.ids;
  if (ids.empty() && !options.runtime.empty())
    throw std::runtime_error(
        "say which exercise or chapter the program is checked for, as `workbook check 2.1 --runtime PATH`");
  if (ids.empty()) ids.push_back(current_exercise(project, progress));
  std::vector<std::pair<Chapter, Exercise>> result;
  for (const auto& id : ids) {
    const auto chapter = project.chapter(chapter_of_id(id));
    const auto sheet = load_exercises(chapter);
    if (contains_text(id, ".")) {
      result.emplace_back(chapter, sheet.exercise(id));
    } else {
      for (const auto& exercise : sheet.exercises) result.emplace_back(chapter, exercise);
    }
  }
  return result;
}

void tell_pass(const Project& project, const Paper& paper, const Exercise& exercise, const Progress& progress,
               bool is_last) {
  fmt::print("{}", paper.paragraph("What you have learnt: " + exercise.learnt, "  "));
  if (!is_last) return;
  const auto agenda = agenda_of(project, progress);
  if (agenda.state == Agenda::State::at_exercise)
    fmt::print("\nNext:  {}\n", paper.bold(as_typed(agenda.command)));
  else
    fmt::print("\n{}Next:  {}\n", paper.paragraph(agenda.where), paper.bold(as_typed(agenda.command)));
}

}  // namespace

bool tell_checks(const Project& project, const Paper& paper, const Exercise& exercise,
                 const Candidate& candidate) {
  for (const auto& check : exercise.checks) {
    const auto outcome = run_check(project, exercise, check, candidate);
    if (outcome.passed()) continue;
    fmt::print("{} {} {}\n\n  {}\n", paper.failed(), exercise.id, exercise.title,
               paper.bold("$ " + shown(check.run, candidate)));
    if (outcome.problem.empty())
      tell_failure(paper, exercise, check, outcome);
    else
      fmt::print("{}", paper.paragraph("It could not be checked: " + outcome.problem + ".", "    "));
    return false;
  }
  fmt::print("{} {} {}\n", paper.passed(), exercise.id, exercise.title);
  return true;
}

int check_exercises(const Project& project, const Paper& paper, const CheckOptions& options) {
  auto progress = Progress::load(project.my());
  const auto exercises = chosen(project, progress, options);
  int failed = 0;
  for (std::size_t at = 0; at < exercises.size(); ++at) {
    const auto& [chapter, exercise] = exercises[at];
    const auto candidate = candidate_for(project, paper, chapter, exercise, options);
    if (!candidate) return 1;
    if (!tell_checks(project, paper, exercise, *candidate)) {
      if (options.runtime.empty())
        fmt::print("\n  A hint:  {}\n", paper.bold(as_typed("workbook hint " + exercise.id)));
      ++failed;
      continue;
    }
    if (!options.runtime.empty()) continue;
    progress.pass(exercise.id);
    progress.save();
    tell_pass(project, paper, exercise, progress, at + 1 == exercises.size() && failed == 0);
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace dockwright::workbook
