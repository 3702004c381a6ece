// `workbook doctor`: what this machine has, what it lacks, and what is lost without it.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "book/workbook/commands.hpp"
#include "book/workbook/doctor.hpp"
#include "book/workbook/paper.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

void print_json(const std::vector<Finding>& findings) {
  auto list = nlohmann::json::array();
  for (const auto& finding : findings)
    list.push_back({{"name", finding.name},
                    {"needed", finding.needed},
                    {"there", finding.there},
                    {"seen", finding.seen},
                    {"package", finding.package},
                    {"lost", finding.lost}});
  fmt::print("{}\n", list.dump(2));
}

/// What installs a package, for whoever asks.
std::string install() { return ::geteuid() == 0 ? "apt-get install" : "sudo apt-get install"; }

void print_finding(const Paper& paper, const Finding& finding) {
  const bool plain = paper.habits().plain;
  const auto sign = finding.there    ? (plain ? "ok:     " : paper.green("ok      "))
                    : finding.needed ? (plain ? "missing, needed: " : paper.red("missing "))
                                     : (plain ? "missing:" : paper.yellow("without "));
  fmt::print("{} {}{}\n", sign, pad(finding.name, finding.seen.empty() ? 0 : 20),
             finding.seen.empty() ? "" : " " + paper.dim(finding.seen));
  if (finding.there) return;
  const bool package = !contains_text(finding.package, " ");
  fmt::print("{}", paper.paragraph("to have it: " + (package ? install() + " " : "") + finding.package,
                                   "           "));
  fmt::print("{}", paper.paragraph("lost without it: " + finding.lost, "           "));
}

/// The packages of what is missing, in one command. A cure that is not a package has a space in it.
std::string packages(const std::vector<Finding>& findings, bool needed) {
  std::string words;
  for (const auto& finding : findings)
    if (!finding.there && finding.needed == needed && !contains_text(finding.package, " "))
      words += " " + finding.package;
  return words;
}

int doctor(const std::string& format) {
  const auto findings = examine(Machine::here());
  if (format == "json") {
    print_json(findings);
    return is_ill(findings) ? 1 : 0;
  }
  const auto paper = Paper::of_stdout();
  for (const auto& finding : findings) print_finding(paper, finding);
  const auto needed = packages(findings, true), useful = packages(findings, false);
  if (is_ill(findings))
    fmt::print("\nSomething is missing that the workbook needs.{}{}\n",
               needed.empty() ? " See above what it takes." : " Type:  " + install(), needed);
  else
    fmt::print("\nEverything needed is here.\n");
  if (!useful.empty()) fmt::print("For the rest:  {}{}\n", install(), useful);
  return is_ill(findings) ? 1 : 0;
}

}  // namespace

void add_doctor_command(CLI::App& app, int& status) {
  auto format = std::make_shared<std::string>("table");
  auto* command =
      app.add_subcommand("doctor", "What this machine has, what it lacks, and what is lost without it");
  command->add_option("--format", *format, "table or json")->check(CLI::IsMember({"table", "json"}));
  command->footer(
      "DOCTOR_ROOT=DIR examines the machine whose files lie below DIR, with the programs of PATH.");
  command->callback([format, &status] { status = doctor(*format); });
}

}  // namespace dockwright::workbook
