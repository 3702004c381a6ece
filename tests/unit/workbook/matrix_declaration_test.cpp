#include "book/workbook/matrix_declaration.hpp"

#include <set>
#include <stdexcept>

#include "tests/unit/catch.hpp"

using namespace dockwright::workbook::matrix;

namespace {

const char* const kTwoProbes = R"(
stages: 3
probes:
  - {id: files, title: host files, question: "Can it?", run: [files, "{sentinel}"], green: [hidden], red: [read],
     chapter: 2, stages: [red, green, green], others: {bare: red}}
  - {id: proc, title: proc is there, question: "Is it?", run: [proc], green: [usable], red: [missing],
     options: {2: [--a], 3: [--b]}, chapter: 3, stages: [green, red, green], others: {bare: green}}
)";

std::vector<std::string> ids(const std::vector<const Probe*>& rows) {
  std::vector<std::string> names;
  for (const auto* row : rows) names.push_back(row->id);
  return names;
}

std::string complaint_about(const std::string& text) {
  try {
    (void)parse_declaration(text, "matrix.yaml");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no complaint";
}

}  // namespace

TEST_CASE("a declaration says what each stage turns green and what it breaks", "[matrix]") {
  const auto declaration = parse_declaration(kTwoProbes, "matrix.yaml");
  CHECK(ids(declaration.turned_green(2)) == std::vector<std::string>{"files"});
  CHECK(ids(declaration.turned_red(2)) == std::vector<std::string>{"proc"});
  CHECK(ids(declaration.turned_green(3)) == std::vector<std::string>{"proc"});
  CHECK(ids(declaration.turned_green(1)).empty());
  CHECK(ids(declaration.still_red(2)) == std::vector<std::string>{"proc"});
}

TEST_CASE("an answer that is not declared is unclear, never green", "[matrix]") {
  const auto declaration = parse_declaration(kTwoProbes, "matrix.yaml");
  const auto& files = declaration.probe("files");
  CHECK(files.judge("hidden") == Verdict::green);
  CHECK(files.judge("read") == Verdict::red);
  CHECK(files.judge("") == Verdict::unclear);
  CHECK(files.judge("hidden ") == Verdict::unclear);
  CHECK(files.in_stage(0) == Verdict::unclear);
  CHECK(files.in_stage(4) == Verdict::unclear);
  CHECK(files.in_other("crun") == Verdict::unclear);
}

TEST_CASE("options hold from their stage on until a later set replaces them", "[matrix]") {
  const auto declaration = parse_declaration(kTwoProbes, "matrix.yaml");
  const auto& proc = declaration.probe("proc");
  CHECK(proc.options_of(1).empty());
  CHECK(proc.options_of(2) == std::vector<std::string>{"--a"});
  CHECK(proc.options_of(9) == std::vector<std::string>{"--b"});
}

TEST_CASE("a wrong declaration is refused with its file and line", "[matrix]") {
  CHECK(
      complaint_about("stages: 1\nprobes:\n  - id: a\n").find("matrix.yaml:3: probe a: 'title' is missing") ==
      0);
  CHECK(complaint_about("stages: [\n").find("matrix.yaml:") == 0);
  CHECK(contains(complaint_about("just a word"), "not a declaration"));
  std::string text = kTwoProbes;
  text.replace(text.find("chapter: 3"), 10, "chapters: 3");
  CHECK(contains(complaint_about(text), "'chapters' is no key of a probe"));
  text = kTwoProbes;
  text.replace(text.find("[green, red, green]"), 19, "[green, blue, green]");
  CHECK(contains(complaint_about(text), "'blue' is neither green nor red"));
  text = kTwoProbes;
  text.replace(text.find("[green, red, green]"), 19, "[green, red]");
  CHECK(contains(complaint_about(text), "2 stages are declared, there are 3"));
  text = kTwoProbes;
  text.replace(text.find("id: proc"), 8, "id: files");
  CHECK(contains(complaint_about(text), "declared twice"));
}

TEST_CASE("every declared probe can be seen both green and red", "[matrix]") {
  // A probe that is constant over all columns proves nothing, whatever it prints.
  const auto declaration = load_declaration(declaration_path("."));
  CHECK(declaration.probes.size() >= 25);
  for (const auto& probe : declaration.probes) {
    std::set<Verdict> seen{probe.stages.begin(), probe.stages.end()};
    // Peers may be absent; these two columns are measured everywhere.
    for (const auto* column : {"bare", "closed"}) seen.insert(probe.in_other(column));
    INFO(probe.id);
    CHECK(seen.contains(Verdict::green));
    CHECK(seen.contains(Verdict::red));
  }
}
