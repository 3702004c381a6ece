// `workbook check` and `workbook watch`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "book/workbook/check_run.hpp"
#include "book/workbook/commands.hpp"
#include "book/workbook/own_name.hpp"
#include "book/workbook/watch.hpp"

namespace dockwright::workbook {

void add_check_command(CLI::App& app, int& status) {
  auto options = std::make_shared<CheckOptions>();
  auto* command = app.add_subcommand("check", "Build your program and check an exercise");
  command->add_option("ID", options->ids, "An exercise (2.1) or a chapter (2); without it: the one at hand");
  command
      ->add_option("--runtime", options->runtime,
                   "Check this program instead of yours (nothing is built or remembered)")
      ->type_name("PATH");
  command
      ->add_option("--program", options->program, "With --runtime, for an exercise with a program of its own")
      ->type_name("PATH");
  command->callback(
      [options, &status] { status = check_exercises(Project::find(), Paper::of_stdout(), *options); });
}

void add_watch_command(CLI::App& app, int& status) {
  auto options = std::make_shared<CheckOptions>();
  auto* command = app.add_subcommand("watch", "Check again whenever you save a file in my/; Ctrl-C ends it");
  command->add_option("ID", options->ids, "An exercise (2.1) or a chapter (2); without it: the one at hand");
  command->callback([options, &status] {
    const auto project = Project::find();
    status = watch(project.my(), [&] {
      try {
        check_exercises(project, Paper::of_stdout(), *options);
      } catch (const std::exception& error) {
        fmt::print("workbook: {}\n", as_typed(error.what()));
      }
      fmt::print("\nWatching my/. Save a file to check again; Ctrl-C ends.\n\n");
      std::fflush(stdout);
    });
  });
}

}  // namespace dockwright::workbook
