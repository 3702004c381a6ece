// `workbook isolated`: not for readers. sudo starts it when a check needs root and the workbook has none, and
// the laboratory when a check needs what only that has.
#include <CLI/CLI.hpp>
#include <memory>

#include "book/workbook/commands.hpp"
#include "book/workbook/isolation.hpp"
#include "book/workbook/lab_jobs.hpp"

namespace dockwright::workbook {

void add_isolated_command(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("isolated", "");
  command->group("");  // Not in the help.
  auto is_list = std::make_shared<bool>(false);
  command->add_flag("--list", *is_list);
  command->callback([is_list, &status] { status = *is_list ? serve_isolated_list() : serve_isolated(); });
}

}  // namespace dockwright::workbook
