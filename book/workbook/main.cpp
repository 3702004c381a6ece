#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "book/workbook/command_words.hpp"
#include "book/workbook/commands.hpp"
#include "book/workbook/own_name.hpp"

using namespace dockwright;

namespace {

void add_commands(CLI::App& app, int& status) {
  workbook::add_start_command(app, status);
  workbook::add_check_command(app, status);
  workbook::add_watch_command(app, status);
  workbook::add_hint_command(app, status);
  workbook::add_solution_command(app, status);
  workbook::add_reset_command(app, status);
  workbook::add_exercises_command(app, status);
  workbook::add_gate_command(app, status);
  workbook::add_doctor_command(app, status);
  workbook::add_causes_command(app, status);
  workbook::add_syscalls_command(app, status);
  workbook::add_propagate_command(app, status);
  workbook::add_teach_command(app, status);
  workbook::add_isolated_command(app, status);
  workbook::add_transcripts_command(app, status);
  workbook::add_lab_command(app, status);
  workbook::add_weave_command(app, status);
  workbook::add_matrix_command(app, status);
  workbook::add_attacks_command(app, status);
  workbook::add_compare_command(app, status);
  workbook::add_trace_command(app, status);
}

/// Exit codes: 0 done (or passed), 1 not passed or not possible, 2 not understood.
int run(int argc, char** argv) {
  CLI::App app{
      "The reader's companion to Dockwright: build your own Docker, and then use it.\n"
      "Without a command it says where you are and what to type next."};
  app.name("workbook");
  app.set_version_flag("--version", DOCKWRIGHT_VERSION);
  app.add_flag_callback(
      "--plain", [] { ::setenv("WORKBOOK_PLAIN", "1", 1); },
      "For screen readers: no colour, no drawn lines, words instead of signs");
  app.require_subcommand(0, 1);
  app.fallthrough();
  workbook::set_own_name(argv[0]);
  int status = 0;
  add_commands(app, status);
  try {
    app.parse(workbook::take_command_words(argc, argv), argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return app.get_subcommands().empty() ? workbook::show_where_am_i() : status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "workbook: %s\n", workbook::as_typed(error.what()).c_str());
  }
  return 1;
}
