// `workbook propagate`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "book/workbook/commands.hpp"
#include "book/workbook/propagate.hpp"

namespace dockwright::workbook {

namespace {

int run(int number) {
  int conflicts = 0;
  for (const auto& spine : propagate(Project::find(), number)) {
    fmt::print("{}: {}\n", spine.spine,
               spine.conflict  ? "a conflict; look for <<<<<<<"
               : spine.changed ? "mended"
                               : "nothing to mend");
    conflicts += spine.conflict ? 1 : 0;
  }
  return conflicts == 0 ? 0 : 1;
}

}  // namespace

void add_propagate_command(CLI::App& app, int& status) {
  auto number = std::make_shared<int>(0);
  auto* command = app.add_subcommand("propagate", "Carry a mended line of a spine into the later spines");
  command->add_option("N", *number, "The chapter whose spine was mended")->required();
  command->callback([number, &status] { status = run(*number); });
}

}  // namespace dockwright::workbook
