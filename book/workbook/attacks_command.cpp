// `workbook attacks`: tries every attack of the list of threats in every stage, and in the peers that are
// installed.
#include <CLI/CLI.hpp>
#include <memory>

#include "book/workbook/commands.hpp"
#include "book/workbook/table_command.hpp"

namespace dockwright::workbook {

void add_attacks_command(CLI::App& app, int& status) {
  auto options = std::make_shared<TableOptions>();
  auto* const command =
      app.add_subcommand("attacks", "What an intruder gets inside each stage, tried for real");
  add_table_options(*command, *options, matrix::attack_wording());
  command->add_flag("--privileged", options->privileged,
                    "One more column: the newest stage with --privileged, to see what comes back");
  command->add_flag("--proof", options->proof,
                    "Two more columns that prove the attacks: bare (no container) and naive (a runtime that "
                    "makes every classic mistake)");
  command->add_option("--starts", options->starts, "How often a race for a link is run")
      ->check(CLI::Range(1, 100000));
  command->callback([options, &status] { status = run_table(*options, matrix::attack_wording()); });
}

}  // namespace dockwright::workbook
