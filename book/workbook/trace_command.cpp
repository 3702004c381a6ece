// `workbook trace N -- COMMAND`: the system calls of a stage and of the command in it, each process under its
// own heading, with what our table says about a call beside it.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <stdexcept>

#include "book/workbook/command_words.hpp"
#include "book/workbook/commands.hpp"
#include "book/workbook/compare_calls.hpp"
#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/matrix_run.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/project.hpp"
#include "book/workbook/text.hpp"
#include "common/syscalls.hpp"

namespace dockwright::workbook {

using namespace matrix;

namespace {

struct TraceOptions {
  int stage = 0;
  std::vector<std::string> command{};
};

/// Cuts between characters; strace escapes all that is not ASCII.
std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

void print_process(const std::vector<TracedCall>& calls, int pid, const std::string& who,
                   const Paper& paper) {
  fmt::print("\n{}\n", paper.bold(who));
  for (const auto& call : calls) {
    if (call.pid != pid) continue;
    fmt::print("  {}\n", shortened(call.text, paper.habits().width - 2));
    if (const auto* const known = find_system_call(call.name); known != nullptr)
      fmt::print("{}", paper.dim(paper.paragraph(
                           fmt::format("{} (chapter {})", known->purpose, known->chapter), "      ")));
  }
}

/// Each process with its calls, in the order of their first ones.
void print_calls(const std::vector<TracedCall>& calls, const std::string& stage) {
  std::vector<int> seen;
  for (const auto& call : calls)
    if (std::count(seen.begin(), seen.end(), call.pid) == 0) seen.push_back(call.pid);
  const auto paper = Paper::of_stdout();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto who = i == 0   ? fmt::format("{} itself, on the host (process {})", stage, seen[i])
                     : i == 1 ? fmt::format("its child (process {} on the host)", seen[i])
                              : fmt::format("a process inside (process {} on the host)", seen[i]);
    print_process(calls, seen[i], who, paper);
  }
}

int show_trace(const TraceOptions& options) {
  const auto project = Project::find();
  const auto declaration = load_declaration(declaration_path(project.root()));
  if (options.stage < 1 || options.stage > declaration.stages)
    throw std::runtime_error(
        fmt::format("there is no stage {}; the stages are 1 to {}", options.stage, declaration.stages));
  if (::geteuid() != 0) {
    fmt::print(stderr, "skipped: needs root: sudo build/bin/workbook trace\n");
    return 1;
  }
  const auto stage =
      stage_runtimes(project.bin(), declaration.stages)[static_cast<std::size_t>(options.stage) - 1];
  return in_laboratory([&] {
    const World world{laboratory_directory(project.root()), project.bin() / "probe"};
    std::vector<std::string> line = {stage.program.string(), "run"};
    if (stage.stage > 1) line.insert(line.end(), {"--rootfs", project.rootfs().string()});
    line.emplace_back("--");
    line.insert(line.end(), options.command.begin(), options.command.end());
    const auto calls = trace(world, stage, line);
    print_calls(calls, stage.name);
    return calls.empty() ? 1 : 0;
  });
}

}  // namespace

void add_trace_command(CLI::App& app, int& status) {
  auto options = std::make_shared<TraceOptions>();
  auto* const command =
      app.add_subcommand("trace", "The system calls of a stage, process by process, explained");
  command->add_option("stage", options->stage, "Which stage, such as 3")->required();
  command->add_option("command", options->command, "What it runs, after --");
  command->footer("For example: workbook trace 3 -- hostname");
  command->callback([options, &status] {
    options->command.insert(options->command.end(), command_words().begin(), command_words().end());
    if (options->command.empty())
      throw std::runtime_error("trace what? For example: workbook trace 3 -- hostname");
    status = show_trace(*options);
  });
}

}  // namespace dockwright::workbook
