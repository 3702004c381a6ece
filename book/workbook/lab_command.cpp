// `workbook lab`: a machine that may be broken.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "book/workbook/command_words.hpp"
#include "book/workbook/commands.hpp"
#include "book/workbook/lab.hpp"
#include "book/workbook/lab_kernel.hpp"
#include "book/workbook/lab_scratch.hpp"
#include "book/workbook/own_name.hpp"
#include "common/check.hpp"

namespace dockwright::workbook {

namespace {

int prepare(const Project& project) {
  if (const auto why_not = no_lab(Machine::here()); !why_not.empty())
    throw Failure{"there is no laboratory here: " + why_not};
  const auto kernel = find_or_fetch_kernel(project.build() / "vm-cache");
  find_or_make_scratch(project.build() / "vm-cache");  // without one it does, too
  fmt::print("{}\n", kernel.image().string());
  return 0;
}

/// An error of the laboratory is 125, which no command that ran can be taken for.
template <typename Work>
int with_docker_exit_code(Work work) {
  try {
    return work();
  } catch (const Failure& failure) {
    fmt::print(stderr, "workbook: {}\n", as_typed(failure.what()));
    if (!failure.advice().cure.empty()) fmt::print(stderr, "  cure: {}\n", failure.advice().cure);
  } catch (const std::exception& error) {
    fmt::print(stderr, "workbook: {}\n", as_typed(error.what()));
  }
  return 125;
}

}  // namespace

void add_lab_command(CLI::App& app, int& status) {
  auto options = std::make_shared<LabOptions>();
  auto only_prepare = std::make_shared<bool>(false);
  auto* command = app.add_subcommand(
      "lab", "A throw-away virtual machine with control groups of version 2: break what you like");
  command->add_flag("--user", options->as_user,
                    "Be the user `reader` in it, with a group of its own to divide");
  command->add_option("--timeout", options->seconds, "Stop the command after so many seconds (exit code 124)")
      ->check(CLI::Range(1, 86'400));
  command->add_option("--memory", options->memory_mb, "Megabytes of memory (1024)")
      ->check(CLI::Range(256, 65'536));
  command->add_flag("--own-root", options->own_root,
                    "A small root of its own in place of this machine's files");
  command->add_flag("-v,--explain", options->talkative, "Show the QEMU command and the machine's console");
  command->add_flag("--prepare", *only_prepare, "Only download the kernel, and say where it is");
  command->add_option("COMMAND", options->command, "What to run in it; without one: a shell");
  command->footer(
      "This machine's files are seen inside and cannot be changed: what is written there is gone "
      "afterwards.\n"
      "The exit code is the command's; 125 when the machine itself failed. Ctrl-] three times ends a machine "
      "that hangs.");
  command->callback([options, only_prepare, &status] {
    status = with_docker_exit_code([&] {
      const auto project = Project::find();
      options->command.insert(options->command.end(), command_words().begin(), command_words().end());
      return *only_prepare ? prepare(project) : run_in_lab(project, *options);
    });
  });
}

}  // namespace dockwright::workbook
