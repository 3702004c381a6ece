#include "book/workbook/patterns.hpp"

#include "tests/unit/catch.hpp"

using namespace dockwright::workbook;

TEST_CASE("[..] stands for anything within a line", "[workbook]") {
  CHECK(line_matches("a[..]c", "abbbc"));
  CHECK(line_matches("a[..]c", "ac"));
  CHECK_FALSE(line_matches("a[..]c", "abbbd"));
}

TEST_CASE("[PID] stands for digits, and for at least one", "[workbook]") {
  CHECK(line_matches("pid [PID].", "pid 123."));
  CHECK_FALSE(line_matches("pid [PID].", "pid ."));
  CHECK_FALSE(line_matches("[PID]", "12a"));
}

TEST_CASE("[ID] stands for twelve or more hexadecimal digits", "[workbook]") {
  CHECK(line_matches("[ID]", "0123456789ab"));
  CHECK_FALSE(line_matches("[ID]", "0123456789a"));
}

TEST_CASE("three points stand for any lines, also none", "[workbook]") {
  CHECK(text_matches("a\n...\nz\n", "a\nb\nc\nz\n"));
  CHECK(text_matches("a\n...\nz\n", "a\nz\n"));
  CHECK_FALSE(text_matches("a\n...\nz\n", "a\nb\n"));
}

TEST_CASE("a text contains lines only when they follow each other", "[workbook]") {
  CHECK(text_contains("b\nc", "a\nb\nc\nd\n"));
  CHECK_FALSE(text_contains("b\nd", "a\nb\nc\nd\n"));
  CHECK(text_contains("part", "a part of a line\n"));
}

TEST_CASE("a difference names what is missing and what is surplus", "[workbook]") {
  const auto differences = compare_lines({"a", "b", "c"}, {"a", "x", "c"});
  REQUIRE(differences.size() == 4);
  CHECK_FALSE(is_match(differences));
  CHECK(differences[0].kind == Difference::Kind::same);
  CHECK(differences[3].kind == Difference::Kind::same);
}

TEST_CASE("blessing keeps the patterns that still match", "[workbook]") {
  const auto lines = blessed(compare_lines({"pid [PID]", "old", "..."}, {"pid 7", "new", "more"}));
  CHECK(lines == std::vector<std::string>{"pid [PID]", "..."});
  CHECK(blessed(compare_lines({"pid [PID]", "old"}, {"pid 7", "new"})) ==
        std::vector<std::string>{"pid [PID]", "new"});
}
