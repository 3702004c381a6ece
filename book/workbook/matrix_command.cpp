// `workbook matrix`: runs the probes in every stage and in the peers that are installed.
#include <CLI/CLI.hpp>
#include <memory>

#include "book/workbook/commands.hpp"
#include "book/workbook/table_command.hpp"

namespace dockwright::workbook {

void add_matrix_command(CLI::App& app, int& status) {
  auto options = std::make_shared<TableOptions>();
  auto* const command =
      app.add_subcommand("matrix", "What a program can see and do inside each stage, measured");
  add_table_options(*command, *options, matrix::isolation_wording());
  command->add_flag(
      "--proof", options->proof,
      "Two more columns that prove the probes: bare (no container) and closed (everything shut)");
  command->callback([options, &status] { status = run_table(*options, matrix::isolation_wording()); });
}

}  // namespace dockwright::workbook
