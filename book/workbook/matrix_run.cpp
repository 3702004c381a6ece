#include "book/workbook/matrix_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/subprocess.hpp"

namespace dockwright::workbook::matrix {

namespace fs = std::filesystem;

namespace {

/// One line that is written over and over, where somebody looks; it is wiped at the end.
class Progress {
 public:
  explicit Progress(std::size_t total) : total_{total}, shown_{::isatty(STDERR_FILENO) == 1} {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  void step(const std::string& what) {
    if (shown_) fmt::print(stderr, "\r\033[Kmeasuring {} of {}: {}", ++done_, total_, what);
  }

 private:
  std::size_t total_;
  std::size_t done_ = 0;
  bool shown_;
};

double run_once(const World& world, const Runtime& runtime) {
  const auto line = command_line(runtime, world, {}, {"true"});
  const auto options = for_measuring(runtime);
  const auto start = std::chrono::steady_clock::now();
  const auto finished = run_program(line, options);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (finished.exit_code != 0)
    throw std::runtime_error(
        fmt::format("{} cannot run a program that does nothing: {}", runtime.name, finished.err));
  return taken.count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Cell measure_cell(const World& world, const Runtime& runtime, const Probe& probe, int starts) {
  const auto found = measure(world, runtime, probe, starts);
  return {.declared = declared(probe, runtime),
          .measured = found.verdict,
          .answer = found.answer,
          .trouble = found.trouble};
}

}  // namespace

std::vector<double> start_up_ratios(const World& world, const std::vector<Runtime>& runtimes, int rounds) {
  auto all = runtimes;
  all.push_back({.name = "bare", .kind = Runtime::Kind::bare});
  std::vector<std::vector<double>> times(all.size());
  const auto mounts = World::mounts();
  for (int round = 0; round <= rounds; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto taken = run_once(world, all[i]);
      World::unmount_new(mounts);
      if (round > 0) times[i].push_back(taken);  // the first round warms up
    }
  }
  std::vector<double> ratios;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) ratios.push_back(median(times[i]) / median(times.back()));
  return ratios;
}

Matrix measure_matrix(const MatrixRequest& request) {
  const World world{laboratory_directory(request.bin), request.bin / request.wording->program};
  Matrix matrix{.wording = request.wording};
  for (const auto& runtime : request.runtimes) matrix.columns.push_back({.name = runtime.name});
  {
    Progress progress{request.probes.size() * request.runtimes.size()};
    for (const auto& probe : request.probes) {
      Row row{.probe = probe};
      for (const auto& runtime : request.runtimes) {
        progress.step(fmt::format("{} in {}", probe.id, runtime.name));
        row.cells.push_back(measure_cell(world, runtime, probe, request.starts));
      }
      matrix.rows.push_back(std::move(row));
    }
  }
  if (request.time) {
    const auto ratios = start_up_ratios(world, request.runtimes, 9);
    for (std::size_t i = 0; i < ratios.size(); ++i) matrix.columns[i].start_up = ratios[i];
  }
  return matrix;
}

}  // namespace dockwright::workbook::matrix
