#include "book/workbook/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "book/workbook/checker.hpp"
#include "book/workbook/text.hpp"
#include "book/workbook/variant.hpp"
#include "book/workbook/workspace.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kShortestGivingAway = 12;  // "}" or "return;" in a hint gives nothing away.

/// A directory of ours that goes with its owner. It always has the same name: ccache knows a file by its path
/// as well.
class Scratch {
 public:
  explicit Scratch(fs::path path) : path_{std::move(path)} {
    remove();
    fs::create_directories(path_);
  }
  ~Scratch() { remove(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  void remove() const noexcept {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  fs::path path_;
};

/// The gates of one chapter; each method is one.
class Gate {
 public:
  Gate(const Project& project, const Chapter& chapter)
      : project_{project}, chapter_{chapter}, sheet_{load_exercises(chapter)} {}

  std::vector<GateResult> run() {
    whole_starter_compiles();
    for (const auto& exercise : sheet_.exercises) {
      starter_is_red(exercise);
      solution_is_green(exercise);
      if (chapter_.number > 1 && exercise.program.empty() && !exercise.earlier_passes)
        earlier_stage_is_red(exercise);
      for (const auto& wrong : exercise.wrong) wrong_program_is_told(exercise, wrong);
      every_rule_is_shown(exercise);
      hints_keep_the_secret(exercise);
    }
    if (chapter_.number > 1) earlier_text_is_pinned();
    reset_restores();
    return std::move(results_);
  }

 private:
  [[nodiscard]] fs::path place() const { return project_.build() / "gate" / chapter_.name; }

  void tell(std::string claim, std::string broken) {
    results_.push_back({std::move(claim), std::move(broken)});
  }

  Candidate solution(const Exercise& exercise) const {
    return {project_.bin() / chapter_.stage(),
            exercise.program.empty() ? fs::path{} : project_.bin() / exercise.program};
  }

  /// A program in the place of the solution.
  Candidate instead(const Exercise& exercise, const fs::path& program) const {
    auto candidate = solution(exercise);
    (exercise.program.empty() ? candidate.runtime : candidate.program) = program;
    return candidate;
  }

  static std::string seen(const CheckOutcome& outcome) {
    if (!outcome.problem.empty()) return outcome.problem;
    return fmt::format("`{}` printed, with exit code {}:\n{}{}{}", outcome.run, outcome.exit_code,
                       outcome.output, outcome.host_failed ? "(the host's condition failed) " : "",
                       outcome.host_output);
  }

  void whole_starter_compiles() {
    const Scratch scratch{place()};
    const auto built = build_variant(project_, chapter_, whole_starter(chapter_, sheet_), scratch.path());
    tell(fmt::format("the starter of chapter {} compiles", chapter_.number),
         built.path.empty() ? built.messages : "");
  }

  void starter_is_red(const Exercise& exercise) {
    const auto claim = fmt::format("the starter of {} is red for the stated reason", exercise.id);
    const Scratch scratch{place()};
    const auto built = build_variant(project_, chapter_, starter_variant(chapter_, exercise), scratch.path());
    if (built.path.empty()) return tell(claim, "it does not compile:\n" + built.messages);
    for (const auto& check : exercise.checks) {
      if (check.untouched.empty() && !check.untouched_exit) continue;
      const auto outcome = run_check(project_, exercise, check, instead(exercise, built.path));
      if (!outcome.problem.empty() || outcome.passed()) return tell(claim, "it passed. " + seen(outcome));
      if (!check.untouched.empty() && !text_contains(check.untouched, outcome.output + outcome.host_output))
        return tell(claim, fmt::format("expected '{}'; {}", trim(check.untouched), seen(outcome)));
      if (check.untouched_exit && *check.untouched_exit != outcome.exit_code)
        return tell(claim, fmt::format("expected exit code {}; {}", *check.untouched_exit, seen(outcome)));
      note_rule(exercise, outcome);
    }
    tell(claim, "");
  }

  void solution_is_green(const Exercise& exercise) {
    const auto claim = fmt::format("the solution of {} is green, twice", exercise.id);
    for (int round = 0; round < 2; ++round)
      for (const auto& check : exercise.checks) {
        const auto outcome = run_check(project_, exercise, check, solution(exercise));
        if (!outcome.passed())
          return tell(claim, fmt::format("{}\n{}", seen(outcome), fmt::join(outcome.complaints, "\n")));
      }
    tell(claim, "");
  }

  void earlier_stage_is_red(const Exercise& exercise) {
    const auto earlier = project_.bin() / fmt::format("stage{:02}", chapter_.number - 1);
    const auto claim = fmt::format("{} is red on {}", exercise.id, earlier.filename().string());
    bool red = false;
    for (const auto& check : exercise.checks) {
      const auto outcome = run_check(project_, exercise, check, {earlier, {}});
      if (!outcome.problem.empty()) return tell(claim, outcome.problem);
      red = red || !outcome.passed();
      if (!check.before.empty() &&
          (outcome.passed() || !text_contains(check.before, outcome.output + outcome.host_output)))
        return tell(claim, fmt::format("expected '{}'; {}", trim(check.before), seen(outcome)));
    }
    tell(claim, red ? "" : "all its checks pass there; if that is right, say `earlier: passes`");
  }

  void earlier_text_is_pinned() {
    const bool pinned =
        std::any_of(sheet_.exercises.begin(), sheet_.exercises.end(), [](const Exercise& exercise) {
          return std::any_of(exercise.checks.begin(), exercise.checks.end(),
                             [](const Check& check) { return !check.before.empty(); });
        });
    tell(fmt::format("chapter {} pins what the stage before shows", chapter_.number),
         pinned ? "" : "no check has `before:`");
  }

  /// The wrong program itself; nothing when it does not compile.
  fs::path make_wrong(const Exercise& exercise, const WrongProgram& wrong, const fs::path& place,
                      std::string& messages) const {
    if (!wrong.stage.empty()) return project_.bin() / ("stage" + wrong.stage);
    if (!wrong.program.empty()) {
      const auto script = place / ("my-" + chapter_.stage());
      write_file(script, "#!/bin/bash\n" + wrong.program + "\n");
      fs::permissions(script, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec,
                      fs::perm_options::add);
      return script;
    }
    auto built = build_variant(project_, chapter_, wrong_variant(chapter_, exercise, wrong.code), place);
    messages = built.messages;
    return built.path;
  }

  void wrong_program_is_told(const Exercise& exercise, const WrongProgram& wrong) {
    const auto claim = fmt::format("{} tells a wrong program: {}", exercise.id, wrong.says);
    const Scratch scratch{place()};
    std::string messages;
    const auto program = make_wrong(exercise, wrong, scratch.path(), messages);
    if (program.empty()) return tell(claim, "it does not compile:\n" + messages);
    for (const auto& check : exercise.checks) {
      const auto outcome = run_check(project_, exercise, check, instead(exercise, program));
      if (outcome.passed()) continue;
      const auto* rule = note_rule(exercise, outcome);
      if (rule != nullptr && contains_text(rule->say, wrong.says)) return tell(claim, "");
      return tell(claim,
                  fmt::format("it is told '{}'. {}", rule == nullptr ? "nothing" : rule->say, seen(outcome)));
    }
    tell(claim, "the checks are green on it");
  }

  const SawRule* note_rule(const Exercise& exercise, const CheckOutcome& outcome) {
    const auto* rule = find_rule(exercise, outcome);
    if (rule != nullptr) shown_.insert(rule);
    return rule;
  }

  void every_rule_is_shown(const Exercise& exercise) {
    std::string never;
    for (const auto& rule : exercise.saw)
      if (shown_.count(&rule) == 0) never += "never shown: " + rule.say + "\n";
    tell(fmt::format("every rule of {} is shown by a wrong program", exercise.id), never);
  }

  void hints_keep_the_secret(const Exercise& exercise) {
    std::string broken;
    for (const auto& raw :
         region_of(read_file(chapter_.directory / exercise.file), exercise.id, exercise.file)) {
      const auto line = trim(raw);
      if (line.size() < kShortestGivingAway || starts_with(line, "//")) continue;
      for (const auto& hint : exercise.hints)
        if (contains_text(hint, line)) broken += fmt::format("a hint gives away `{}`\n", line);
    }
    tell(fmt::format("no hint of {} contains a line of the solution", exercise.id), broken);
  }

  void reset_restores() {
    const Scratch scratch{place()};
    const Project copy{scratch.path()};
    fs::create_directories(scratch.path() / "chapters");
    fs::copy(chapter_.directory, scratch.path() / "chapters" / chapter_.name, fs::copy_options::recursive);
    const auto chapter = copy.chapter(chapter_.number);
    start_chapter(copy, chapter);
    const auto file = my_chapter(copy, chapter) / sheet_.exercises.front().file;
    const auto starter = read_file(file);
    write_file(file, "a reader's work\n");
    const auto attic = reset_chapter(copy, chapter);
    const bool restored = read_file(file) == starter && !is_changed(copy, chapter);
    const bool kept =
        !attic.empty() && read_file(attic / sheet_.exercises.front().file) == "a reader's work\n";
    tell(fmt::format("reset restores the starter of chapter {} and keeps the reader's file", chapter_.number),
         !restored ? "the starter is not what it was"
         : !kept   ? "the reader's file is lost"
                   : "");
  }

  const Project& project_;
  const Chapter& chapter_;
  ExerciseSheet sheet_;
  std::set<const SawRule*> shown_;
  std::vector<GateResult> results_;
};

}  // namespace

std::vector<GateResult> gate_chapter(const Project& project, const Chapter& chapter) {
  return Gate{project, chapter}.run();
}

}  // namespace dockwright::workbook
