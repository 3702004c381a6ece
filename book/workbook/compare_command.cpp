// `workbook compare A B`: what one stage does that another does not. The spine as a diff, the system calls,
// the cells of the matrix that change, and the time to start.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <stdexcept>

#include "book/workbook/commands.hpp"
#include "book/workbook/compare_calls.hpp"
#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/matrix_measure.hpp"
#include "book/workbook/matrix_run.hpp"
#include "book/workbook/project.hpp"
#include "book/workbook/text.hpp"
#include "book/workbook/weave_diff.hpp"

namespace dockwright::workbook {

using namespace matrix;

namespace {

struct CompareOptions {
  int before = 0;
  int after = 0;
  std::vector<std::string> only{};
  std::string format = "text";

  [[nodiscard]] bool wants(const std::string& section) const {
    return only.empty() || std::count(only.begin(), only.end(), section) > 0;
  }
};

/// The two stages, and where to measure them.
struct Pair {
  Project project;
  Declaration declaration{};
  std::vector<Runtime> stages{};
};

void heading(const CompareOptions& options, const std::string& title) {
  if (options.only.size() == 1) return;
  if (options.format == "markdown")
    fmt::print("\n## {}\n\n", title);
  else
    fmt::print("\n{}\n\n", Paper::of_stdout().bold(title));
}

void show_spine(const CompareOptions& options, const Project& project) {
  heading(options, "The spine, without its essay and includes");
  const auto lines = join_lines(weave::spine_diff_lines(project.root(), options.before, options.after));
  if (options.format == "markdown")
    fmt::print("```diff\n{}```\n", lines);
  else
    fmt::print("{}", Paper::of_stdout().unified_diff(lines));
}

/// From chapter 8 on a root is one of layers, and that is what a comparison is about.
std::vector<Runtime> as_they_are_used(std::vector<Runtime> stages) {
  for (auto& stage : stages)
    if (stage.stage >= kLayersSince) stage.always = {"--layer", "{layer}"};
  return stages;
}

std::map<std::string, int> calls_of(const World& world, const Runtime& stage) {
  auto counts = count_calls(trace(world, stage, command_line(stage, world, {}, {"true"})));
  // A second run adds what the first happened not to need, such as waiting for something that was already
  // there.
  for (const auto& [name, count] : count_calls(trace(world, stage, command_line(stage, world, {}, {"true"}))))
    counts.try_emplace(name, count);
  return counts;
}

void print_calls(const std::map<std::string, int>& from, const std::map<std::string, int>& without,
                 const char* sign) {
  const auto paper = Paper::of_stdout();
  for (const auto& [name, count] : from) {
    if (without.contains(name)) continue;
    const auto line = fmt::format("{} {:<15} {:>3}×", sign, name, count);
    fmt::print("{}  {}\n", *sign == '+' ? paper.green(line) : paper.red(line), purpose_of(name));
  }
}

void show_calls(const CompareOptions& options, const World& world, const Pair& pair) {
  heading(options, "System calls, to run a program that does nothing");
  const auto before = calls_of(world, pair.stages[0]);
  const auto after = calls_of(world, pair.stages[1]);
  if (options.format == "markdown") {
    fmt::print("{}", calls_as_markdown(before, after, options.before, options.after));
    return;
  }
  print_calls(after, before, "+");
  print_calls(before, after, "-");
}

int show_probes(const CompareOptions& options, const Pair& pair) {
  heading(options, "What a program can see and do: the cells that change");
  auto matrix =
      measure_matrix({.probes = pair.declaration.probes, .runtimes = pair.stages, .bin = pair.project.bin()});
  const auto differences = matrix.differences();
  std::erase_if(matrix.rows, [](const Row& row) { return row.cells[0].measured == row.cells[1].measured; });
  fmt::print("{}", options.format == "markdown" ? matrix_as_markdown(matrix)
                                                : matrix_as_text(matrix, Paper::of_stdout()));
  for (const auto& line : differences) fmt::print(stderr, "workbook: {}\n", line);
  return differences.empty() ? 0 : 1;
}

void show_time(const CompareOptions& options, const World& world, const Pair& pair) {
  heading(options, "Start-up, beside a bare clone and exec of the same program");
  const auto ratios = start_up_ratios(world, pair.stages, 21);
  fmt::print(
      "stage {}: {:.1f} times as long. stage {}: {:.1f} times. The second takes {:.1f} times as long as the "
      "first.\n",
      options.before, ratios[0], options.after, ratios[1], ratios[1] / ratios[0]);
}

int measured_sections(const CompareOptions& options, const Pair& pair) {
  if (options.wants("calls") || options.wants("time")) {
    const World world{laboratory_directory(pair.project.bin()), pair.project.bin() / "probe"};
    const Pair used{pair.project, pair.declaration, as_they_are_used(pair.stages)};
    if (options.wants("calls")) show_calls(options, world, used);
    if (options.wants("time")) show_time(options, world, used);
  }
  // The probes make a world of their own, in a laboratory of its own.
  std::fflush(stdout);
  return 0;
}

int compare(const CompareOptions& options) {
  Pair pair{.project = Project::find()};
  pair.declaration = load_declaration(declaration_path(pair.project.root()));
  const auto stages = stage_runtimes(pair.project.bin(), pair.declaration.stages);
  for (const int stage : {options.before, options.after}) {
    if (stage < 1 || stage > pair.declaration.stages)
      throw std::runtime_error(
          fmt::format("there is no stage {}; the stages are 1 to {}", stage, pair.declaration.stages));
    pair.stages.push_back(stages[static_cast<std::size_t>(stage) - 1]);
  }
  if (options.wants("spine")) show_spine(options, pair.project);
  if (options.only == std::vector<std::string>{"spine"}) return 0;
  if (::geteuid() != 0) {
    fmt::print(
        stderr,
        "skipped: needs root (calls, probes and time are measured): sudo build/bin/workbook compare\n");
    return 1;
  }
  int status = in_laboratory([&] { return measured_sections(options, pair); });
  if (status == 0 && options.wants("probes"))
    status = in_laboratory([&] { return show_probes(options, pair); });
  return status;
}

}  // namespace

void add_compare_command(CLI::App& app, int& status) {
  auto options = std::make_shared<CompareOptions>();
  auto* const command = app.add_subcommand("compare", "What one stage does that another does not, measured");
  command->add_option("before", options->before, "A stage, such as 3")->required();
  command->add_option("after", options->after, "Another, such as 4")->required();
  command->add_option("--only", options->only, "Only these sections: spine, calls, probes, time")
      ->delimiter(',')
      ->check(CLI::IsMember({"spine", "calls", "probes", "time"}));
  command->add_option("--format", options->format, "text or markdown")
      ->check(CLI::IsMember({"text", "markdown"}));
  command->callback([options, &status] { status = compare(*options); });
}

}  // namespace dockwright::workbook
