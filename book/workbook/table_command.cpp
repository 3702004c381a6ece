#include "book/workbook/table_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>

#include "book/workbook/engines.hpp"
#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/matrix_run.hpp"
#include "book/workbook/project.hpp"

namespace dockwright::workbook {

using namespace matrix;

namespace {

constexpr int kPrivilegedSince = 7;

std::string rendered(const Matrix& matrix, const std::string& format) {
  if (format == "markdown") return matrix_as_markdown(matrix);
  if (format == "html") return matrix_as_html(matrix);
  if (format == "json") return matrix_as_json(matrix);
  return matrix_as_text(matrix, Paper::of_stdout());
}

/// The columns that prove the rows: what can be seen red, and what green.
std::vector<Runtime> proofs(const Project& project, const Wording& wording) {
  const Runtime bare{.name = "bare", .kind = Runtime::Kind::bare};
  if (&wording == &isolation_wording()) return {bare, {.name = "closed", .kind = Runtime::Kind::closed}};
  return {bare, {.name = "naive", .kind = Runtime::Kind::naive, .program = project.bin() / "naive"}};
}

/// The newest stage, told to hold nothing back. @throws std::runtime_error when no stage can be told yet
Runtime privileged_stage(const Project& project, int declared) {
  if (declared < kPrivilegedSince)
    throw std::runtime_error(fmt::format("--privileged arrives in chapter {}", kPrivilegedSince));
  auto stage = stage_runtimes(project.bin(), declared).back();
  stage.always = {"--privileged"};
  stage.name = fmt::format("privileged{:02}", stage.stage);
  return stage;
}

/// The newest stage, on a root of layers. What is declared of it with a plain root holds here, too.
Runtime layered_stage(const Project& project, int declared) {
  auto stage = stage_runtimes(project.bin(), declared).back();
  stage.always = {"--layer", "{layer}"};
  stage.name = fmt::format("layered{:02}", stage.stage);
  return stage;
}

std::vector<Runtime> columns_of(const TableOptions& options, const Project& project, int declared,
                                const Wording& wording) {
  std::vector<Runtime> columns;
  for (const auto& stage : stage_runtimes(project.bin(), declared))
    if (options.stages.empty() || std::count(options.stages.begin(), options.stages.end(), stage.stage) > 0)
      columns.push_back(stage);
  if (options.privileged) columns.push_back(privileged_stage(project, declared));
  if (options.proof || options.format == "json")
    for (const auto& proof : proofs(project, wording)) columns.push_back(proof);
  for (const auto& runtime : options.runtimes) columns.push_back(named_runtime(runtime, declared));
  if (!options.no_peers)
    for (const auto& peer : installed_peers()) columns.push_back(peer);
  return columns;
}

/// Runs `work` in a laboratory; what Docker's daemon was given for it is taken back, also after an
/// interruption.
int measure_in_laboratory(const std::vector<Runtime>& runtimes, const std::function<int()>& work) {
  const int status = in_laboratory(work);
  for (const auto& runtime : runtimes)
    if (runtime.kind == Runtime::Kind::docker) remove_docker_image(runtime.program);
  return status;
}

int show_table(const TableOptions& options, const Wording& wording) {
  const auto project = Project::find();
  const auto declaration = load_declaration(declaration_path(project.root(), wording), wording);
  for (const int stage : options.stages)
    if (stage < 1 || stage > declaration.stages)
      throw std::runtime_error(
          fmt::format("there is no stage {}; the stages are 1 to {}", stage, declaration.stages));
  std::vector<Probe> probes;
  for (const auto& id : options.only) probes.push_back(declaration.probe(id));
  if (probes.empty()) probes = declaration.probes;
  const auto runtimes = columns_of(options, project, declaration.stages, wording);
  remove_groups_of_ended_runs();
  return measure_in_laboratory(runtimes, [&] {
    const auto matrix = measure_matrix({.probes = probes,
                                        .runtimes = runtimes,
                                        .bin = project.bin(),
                                        .time = options.only.empty() && &wording == &isolation_wording(),
                                        .wording = &wording,
                                        .starts = options.starts});
    fmt::print("{}", rendered(matrix, options.format));
    std::fflush(stdout);
    for (const auto& line : matrix.differences()) fmt::print(stderr, "workbook: {}\n", line);
    return matrix.differences().empty() ? 0 : 1;
  });
}

Runtime find_column(const std::string& name, const Project& project, int declared, const Wording& wording) {
  auto known = stage_runtimes(project.bin(), declared);
  if (declared >= kPrivilegedSince) known.push_back(privileged_stage(project, declared));
  if (declared >= kLayersSince) known.push_back(layered_stage(project, declared));
  for (auto& proof : proofs(project, wording)) known.push_back(proof);
  known.push_back({.name = "careful",
                   .kind = Runtime::Kind::naive,
                   .program = project.bin() / "naive",
                   .always = {"--careful"}});
  for (auto& peer : installed_peers()) known.push_back(peer);
  for (const auto& runtime : known)
    if (runtime.name == name) return runtime;
  return {};
}

bool has_cell(const Probe& probe, const Runtime& runtime) {
  const auto cell = declared(probe, runtime);
  return cell == Verdict::green || cell == Verdict::red;
}

/// One line for each cell that was measured; what was not says why.
void print_cells(const Matrix& matrix, const std::string& column) {
  for (const auto& row : matrix.rows) {
    const auto& cell = row.cells.front();
    if (cell.measured == Verdict::none)
      fmt::print("{} in {}: {}\n", row.probe.id, column, cell.answer);
    else
      fmt::print("{} in {}: {} (declared {}, answer: {}{}{})\n", row.probe.id, column,
                 word(cell.measured, *matrix.wording), word(cell.declared, *matrix.wording), cell.answer,
                 cell.trouble.empty() ? "" : "; ", cell.trouble);
  }
  const bool nothing = std::all_of(matrix.rows.begin(), matrix.rows.end(), [](const Row& row) {
    return row.cells.front().measured == Verdict::none;
  });
  if (nothing) fmt::print("skipped: needs something to attack\n");
  std::fflush(stdout);
}

/// `--check ROW COLUMN`: one cell, for CTest. `all` stands for every row that is declared for the column.
int check_cell(const TableOptions& options, const Wording& wording) {
  const auto& id = options.check[0];
  const auto& column = options.check[1];
  const auto project = Project::find();
  const auto declaration = load_declaration(declaration_path(project.root(), wording), wording);
  const auto runtime = find_column(column, project, declaration.stages, wording);
  if (runtime.name.empty()) {
    fmt::print("skipped: needs {}\n", column);
    return 0;
  }
  std::vector<Probe> probes;
  for (const auto& probe : declaration.probes)
    if (id == "all" ? has_cell(probe, runtime) : probe.id == id) probes.push_back(probe);
  if (probes.empty()) (void)declaration.probe(id);  // says which there are
  return measure_in_laboratory({runtime}, [&] {
    const auto matrix = measure_matrix({.probes = probes,
                                        .runtimes = {runtime},
                                        .bin = project.bin(),
                                        .wording = &wording,
                                        .starts = options.starts});
    print_cells(matrix, column);
    for (const auto& line : matrix.differences()) fmt::print(stderr, "workbook: {}\n", line);
    return matrix.differences().empty() ? 0 : 1;
  });
}

}  // namespace

void add_table_options(CLI::App& command, TableOptions& options, const Wording& wording) {
  command.add_option("--format", options.format, "table, markdown, html or json")
      ->check(CLI::IsMember({"table", "markdown", "html", "json"}));
  command
      .add_option("--runtime", options.runtimes,
                  "NAME=PATH: a column for another program with a stage's grammar")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--only", options.only, fmt::format("Only these {} (comma-separated)", wording.rows))
      ->delimiter(',');
  command.add_option("--stages", options.stages, "Only these stages, such as 1,2")->delimiter(',');
  command.add_flag("--no-peers", options.no_peers,
                   "Without bwrap, crun, runc, podman and docker, even where they are installed");
  command
      .add_option("--check", options.check,
                  fmt::format("A {} and a column: one cell, for the tests", wording.row))
      ->expected(2);
  command.footer(
      fmt::format("It runs in namespaces of its own, needs root, and leaves nothing behind.\n"
                  "Exit code 1 when a cell is not as declared in {}.",
                  wording.file));
}

int run_table(const TableOptions& options, const Wording& wording) {
  if (::geteuid() != 0) {
    fmt::print(stderr,
               "skipped: needs root (stages make namespaces and mounts): sudo build/bin/workbook {}\n",
               wording.command);
    return options.check.empty() ? 1 : 0;
  }
  return options.check.empty() ? show_table(options, wording) : check_cell(options, wording);
}

}  // namespace dockwright::workbook
