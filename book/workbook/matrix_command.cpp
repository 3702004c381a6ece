// `workbook matrix`: runs the probes in every stage and in the peers that are installed.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>

#include "book/workbook/commands.hpp"
#include "book/workbook/engines.hpp"
#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/matrix_measure.hpp"
#include "book/workbook/matrix_run.hpp"
#include "book/workbook/project.hpp"

namespace dockwright::workbook {

using namespace matrix;

namespace {

struct MatrixOptions {
  std::string format = "table";
  std::vector<std::string> runtimes{};
  std::vector<std::string> only{};
  std::vector<int> stages{};
  bool proof = false;
  bool no_peers = false;
  std::vector<std::string> check{};
};

std::string rendered(const Matrix& matrix, const std::string& format) {
  if (format == "markdown") return matrix_as_markdown(matrix);
  if (format == "html") return matrix_as_html(matrix);
  if (format == "json") return matrix_as_json(matrix);
  return matrix_as_text(matrix, Paper::of_stdout());
}

std::vector<Runtime> columns_of(const MatrixOptions& options, const Project& project, int declared) {
  std::vector<Runtime> columns;
  for (const auto& stage : stage_runtimes(project.bin(), declared))
    if (options.stages.empty() || std::count(options.stages.begin(), options.stages.end(), stage.stage) > 0)
      columns.push_back(stage);
  if (options.proof || options.format == "json") {
    columns.push_back({.name = "bare", .kind = Runtime::Kind::bare});
    columns.push_back({.name = "closed", .kind = Runtime::Kind::closed});
  }
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

int show_matrix(const MatrixOptions& options) {
  const auto project = Project::find();
  const auto declaration = load_declaration(declaration_path(project.root()));
  for (const int stage : options.stages)
    if (stage < 1 || stage > declaration.stages)
      throw std::runtime_error(
          fmt::format("there is no stage {}; the stages are 1 to {}", stage, declaration.stages));
  std::vector<Probe> probes;
  for (const auto& id : options.only) probes.push_back(declaration.probe(id));
  if (probes.empty()) probes = declaration.probes;
  const auto runtimes = columns_of(options, project, declaration.stages);
  remove_groups_of_ended_runs();
  return measure_in_laboratory(runtimes, [&] {
    const auto matrix = measure_matrix(
        {.probes = probes, .runtimes = runtimes, .bin = project.bin(), .time = options.only.empty()});
    fmt::print("{}", rendered(matrix, options.format));
    std::fflush(stdout);
    for (const auto& line : matrix.differences()) fmt::print(stderr, "workbook: {}\n", line);
    return matrix.differences().empty() ? 0 : 1;
  });
}

Runtime find_column(const std::string& name, const Project& project, int declared) {
  if (name == "bare") return {.name = name, .kind = Runtime::Kind::bare};
  if (name == "closed") return {.name = name, .kind = Runtime::Kind::closed};
  auto known = stage_runtimes(project.bin(), declared);
  for (auto& peer : installed_peers()) known.push_back(peer);
  for (const auto& runtime : known)
    if (runtime.name == name) return runtime;
  return {};
}

/// `--check PROBE COLUMN`: one cell, for CTest. `all` stands for every probe that is declared for the column.
int check_cell(const std::string& id, const std::string& column) {
  const auto project = Project::find();
  const auto declaration = load_declaration(declaration_path(project.root()));
  const auto runtime = find_column(column, project, declaration.stages);
  if (runtime.name.empty()) {
    fmt::print("skipped: needs {}\n", column);
    return 0;
  }
  std::vector<Probe> probes;
  for (const auto& probe : declaration.probes)
    if (id == "all" ? declared(probe, runtime) != Verdict::unclear : probe.id == id) probes.push_back(probe);
  if (probes.empty()) (void)declaration.probe(id);  // says which there are
  return measure_in_laboratory({runtime}, [&] {
    const auto matrix = measure_matrix({.probes = probes, .runtimes = {runtime}, .bin = project.bin()});
    for (const auto& row : matrix.rows) {
      const auto& cell = row.cells.front();
      fmt::print("{} in {}: {} (declared {}, answer: {})\n", row.probe.id, column, word(cell.measured),
                 word(cell.declared), cell.answer);
    }
    std::fflush(stdout);
    for (const auto& line : matrix.differences()) fmt::print(stderr, "workbook: {}\n", line);
    return matrix.differences().empty() ? 0 : 1;
  });
}

}  // namespace

void add_matrix_command(CLI::App& app, int& status) {
  auto options = std::make_shared<MatrixOptions>();
  auto* const matrix =
      app.add_subcommand("matrix", "What a program can see and do inside each stage, measured");
  matrix->add_option("--format", options->format, "table, markdown, html or json")
      ->check(CLI::IsMember({"table", "markdown", "html", "json"}));
  matrix
      ->add_option("--runtime", options->runtimes,
                   "NAME=PATH: a column for another program with a stage's grammar")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  matrix->add_option("--only", options->only, "Only these probes (comma-separated)")->delimiter(',');
  matrix->add_option("--stages", options->stages, "Only these stages, such as 1,2")->delimiter(',');
  matrix->add_flag("--no-peers", options->no_peers,
                   "Without bwrap, crun, runc, podman and docker, even where they are installed");
  matrix->add_flag(
      "--proof", options->proof,
      "Two more columns that prove the probes: bare (no container) and closed (everything shut)");
  matrix->add_option("--check", options->check, "PROBE COLUMN: one cell, for the tests")->expected(2);
  matrix->footer(
      "It runs in namespaces of its own, needs root, and leaves nothing behind.\n"
      "Exit code 1 when a cell is not as declared in tests/probes/matrix.yaml.");
  matrix->callback([options, &status] {
    if (::geteuid() != 0) {
      fmt::print(stderr,
                 "skipped: needs root (stages make namespaces and mounts): sudo build/bin/workbook matrix\n");
      status = options->check.empty() ? 1 : 0;
      return;
    }
    status =
        options->check.empty() ? show_matrix(*options) : check_cell(options->check[0], options->check[1]);
  });
}

}  // namespace dockwright::workbook
