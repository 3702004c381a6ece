// `workbook isolated`: not for readers. sudo starts it when a check needs root and the workbook has none.
#include <CLI/CLI.hpp>

#include "book/workbook/commands.hpp"
#include "book/workbook/isolation.hpp"

namespace dockwright::workbook {

void add_isolated_command(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("isolated", "");
  command->group("");  // Not in the help.
  command->callback([&status] { status = serve_isolated(); });
}

}  // namespace dockwright::workbook
