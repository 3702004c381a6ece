#include "book/workbook/matrix_table.hpp"

#include <algorithm>

#include "book/workbook/compare_calls.hpp"
#include "book/workbook/text.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright::workbook;
using namespace dockwright::workbook::matrix;

namespace {

Matrix two_by_two() {
  Matrix matrix;
  matrix.columns = {{.name = "stage01"}, {.name = "crun"}};
  const Probe probe{.id = "files", .title = "host <files>", .question = "Can it?", .chapter = 2};
  matrix.rows.push_back(
      {.probe = probe,
       .cells = {{.declared = Verdict::red, .measured = Verdict::red, .answer = "read"},
                 {.declared = Verdict::green, .measured = Verdict::red, .answer = "read"}}});
  return matrix;
}

}  // namespace

TEST_CASE("a cell that is not as declared is named with both verdicts", "[matrix]") {
  const auto lines = two_by_two().differences();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] == "probe files in crun: declared green, measured red (answer: read)");
}

TEST_CASE("nothing differs where nothing is declared", "[matrix]") {
  CHECK_FALSE(Cell{.measured = Verdict::green}.differs());
}

TEST_CASE("the table says its verdicts in words and fits its width", "[matrix]") {
  const auto text = matrix_as_text(two_by_two(), Paper{{.colour = false, .plain = false, .width = 80}});
  CHECK(contains(text, "isolation    ch 01     crun"));
  CHECK(contains(text, "host <files>  2 red    red!"));
  for (const auto& line : split_lines(text)) CHECK(columns(line) <= 80);
}

TEST_CASE("a narrow terminal gets the names of the probes", "[matrix]") {
  const auto text = matrix_as_text(two_by_two(), Paper{{.colour = false, .plain = false, .width = 24}});
  CHECK(contains(text, "files  2 red"));
}

TEST_CASE("columns that do not fit stand in a table below", "[matrix]") {
  const auto text = matrix_as_text(two_by_two(), Paper{{.colour = false, .plain = false, .width = 16}});
  CHECK(starts_with(text, "probe ch 01\nfiles  2 red\n\nprobe ch crun\nfiles  2 red!\n"));
}

TEST_CASE("a listener gets sentences", "[matrix]") {
  const auto text = matrix_as_text(two_by_two(), Paper{{.colour = false, .plain = true, .width = 80}});
  CHECK(text == "host <files> (chapter 2): stage01 red, crun red (not as declared).\n");
}

TEST_CASE("HTML escapes what it is given and says the verdict in words", "[matrix]") {
  const auto html = matrix_as_html(two_by_two());
  CHECK(contains(html, "host &lt;files&gt;"));
  CHECK(contains(html, ">red, declared green</td>"));
}

TEST_CASE("the attack table has its own words, and a dash where there is nothing to attack", "[attacks]") {
  auto matrix = two_by_two();
  matrix.wording = &attack_wording();
  matrix.rows[0].probe.cve = "CVE-2019-5736";
  matrix.rows[0].cells[1] = {.declared = Verdict::none, .measured = Verdict::none};
  const auto text = matrix_as_text(matrix, Paper{{.colour = false, .plain = false, .width = 80}});
  CHECK(contains(text, "attack       ch 01      crun"));
  CHECK(contains(text, "host <files>  2 works   -"));
  CHECK(contains(matrix_as_markdown(matrix), "| host <files> | 2 | works | - |"));
  CHECK(contains(matrix_as_html(matrix), "<h1>The attack table</h1>"));
  CHECK(contains(matrix_as_html(matrix), "(CVE-2019-5736)"));
  CHECK(contains(matrix_as_json(matrix), "\"measured\": \"works\""));
  CHECK(contains(matrix_as_json(matrix), "\"attacks\": ["));
  CHECK(matrix.differences().empty());
}

TEST_CASE("a trace is read without the halves and ends that strace prints", "[compare]") {
  const auto calls = parse_trace(
      "12 clone3({flags=0}, 88 <unfinished ...>\n13 chroot(\"/r\") = 0\n12 <... clone3 resumed>) = 13\n"
      "13 brk(NULL) = 0x1\n12 --- SIGCHLD {si_signo=SIGCHLD} ---\n13 +++ exited with 0 +++\nnonsense\n");
  REQUIRE(calls.size() == 3);
  CHECK(calls[0].name == "clone3");
  CHECK(calls[1].pid == 13);
  CHECK(calls[1].text == "chroot(\"/r\") = 0");
  CHECK(count_calls(calls) == std::map<std::string, int>{{"chroot", 1}, {"clone3", 1}});
}

TEST_CASE("two stages that make the same calls are said to", "[compare]") {
  CHECK(calls_as_markdown({{"read", 1}}, {{"read", 9}}, 1, 2) ==
        "Stages 1 and 2 make the same system calls.\n");
  CHECK(contains(calls_as_markdown({{"chroot", 1}}, {{"pivot_root", 1}}, 3, 4), "| new | `pivot_root` |"));
}
