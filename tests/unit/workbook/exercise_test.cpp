#include "book/workbook/exercise.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright::workbook;

namespace {

/// What is said of the good sheet after `from` has become `to`.
std::string complaint(const std::string& from, const std::string& to) {
  const auto text = replace_all(small::kSheet, from, to);
  return small::message_of([&] { parse_exercises("exercises.yaml", text); });
}

}  // namespace

TEST_CASE("a good sheet is read whole", "[workbook]") {
  const auto sheet = parse_exercises("exercises.yaml", small::kSheet);
  REQUIRE(sheet.exercises.size() == 1);
  CHECK(sheet.exercises[0].checks[0].untouched == "outside");
  CHECK(sheet.exercises[0].hints.size() == 2);
  CHECK(sheet.minutes == 45);
}

TEST_CASE("each mistake in a sheet is told with file and line", "[workbook]") {
  CHECK(complaint("title: chroot\n", "") == "exercises.yaml:1: the key 'title' is missing");
  CHECK(complaint("minutes: 45", "minutes: long") == "exercises.yaml:3: a number is expected here");
  CHECK(contains(complaint("    task:", "    tusk:"), "exercises.yaml:10: unknown key 'tusk'"));
  CHECK(contains(complaint("needs: []", "needs: [luck]"), "exercises.yaml:4: unknown need 'luck'"));
  CHECK(contains(complaint("when: outside", "when: '('"),
                 "exercises.yaml:16: '(' is not a regular expression"));
  CHECK(contains(complaint("        untouched: outside\n", ""), "has no 'untouched'"));
  CHECK(contains(complaint("id: \"2.1\"", "id: \"3.1\""), "does not begin with the chapter"));
  CHECK(contains(complaint("man: [chroot(2)]", "man: [chroot(2)"), "exercises.yaml:"));
}

TEST_CASE("an id that is there twice is refused", "[workbook]") {
  const std::string sheet = small::kSheet;
  const auto twice = sheet + sheet.substr(sheet.find("  - id"));
  CHECK(contains(small::message_of([&] { parse_exercises("e.yaml", twice); }), "the id 2.1 is there twice"));
}

TEST_CASE("a sheet whose region does not exist is refused", "[workbook]") {
  const small::SmallProject small;
  small.write("chapters/02-chroot/run.cpp", "int run();\n");
  CHECK(contains(small::message_of([&] { load_exercises(small.project().chapter(2)); }),
                 "there is no region //! [ex2.1]"));
}
