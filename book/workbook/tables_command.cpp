// `workbook causes` and `workbook syscalls`: the tables that the programs and the book share.
#include <fmt/format.h>
#include <string.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "book/workbook/commands.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/text.hpp"
#include "common/causes.hpp"
#include "common/syscalls.hpp"

namespace dockwright::workbook {

namespace {

struct Options {
  std::string chapter = "all";
  std::string format = "table";
};

bool is_asked_for(const Options& options, int chapter) {
  return options.chapter == "all" || options.chapter == std::to_string(chapter);
}

/// A bar would end a cell of a Markdown table, also inside back-ticks.
std::string cell(std::string_view text) { return replace_all(std::string{text}, "|", "&#124;"); }

int print_causes(const Options& options) {
  const auto paper = Paper::of_stdout();
  const bool markdown = options.format == "markdown";
  if (markdown) fmt::print("| call | error | likely cause | cure |\n| --- | --- | --- | --- |\n");
  int rows = 0;
  for (const auto& row : causes()) {
    if (!is_asked_for(options, row.chapter)) continue;
    ++rows;
    const char* error = ::strerrorname_np(row.error);
    if (markdown) {
      fmt::print("| `{}` | {} | {} | {} |\n", row.call, error, cell(row.cause), cell(row.cure));
      continue;
    }
    fmt::print("{}\n", paper.bold(fmt::format("{}: {} (chapter {})", row.call, error, row.chapter)));
    fmt::print("{}{}", paper.paragraph("cause: " + std::string{row.cause}, "  "),
               paper.paragraph("cure: " + std::string{row.cure}, "  "));
  }
  if (rows == 0) fmt::print("no cause is known for chapter {}\n", options.chapter);
  return rows == 0 ? 1 : 0;
}

int print_syscalls(const Options& options) {
  if (options.format == "markdown") {
    fmt::print("| call | what it does | chapter | since Linux |\n| --- | --- | --- | --- |\n");
    for (const auto& row : system_calls())
      fmt::print("| `{}` | {} | [{}](#{}) | {} |\n", row.name, cell(row.purpose), row.chapter, row.anchor,
                 row.since);
    return 0;
  }
  for (const auto& row : system_calls())
    fmt::print("{} chapter {:2}  {}{}\n", pad(std::string{row.name}, 18), row.chapter, row.purpose,
               row.since.empty() ? "" : fmt::format(" (Linux {})", row.since));
  return 0;
}

void add_format(CLI::App* command, Options& options) {
  command->add_option("--format", options.format, "table or markdown")
      ->check(CLI::IsMember({"table", "markdown"}));
}

}  // namespace

void add_causes_command(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("causes", "The errors that a stage may meet, their likely causes and cures");
  command->add_option("--chapter", options->chapter, "A chapter's number, or all");
  add_format(command, *options);
  command->callback([options, &status] { status = print_causes(*options); });
}

void add_syscalls_command(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("syscalls", "The system calls of the book, and where each is introduced");
  add_format(command, *options);
  command->callback([options, &status] { status = print_syscalls(*options); });
}

}  // namespace dockwright::workbook
