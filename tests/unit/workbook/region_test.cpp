#include "book/workbook/region.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright::workbook;

TEST_CASE("a starter has the task in the region's place and no marker", "[workbook]") {
  const auto text =
      starter_of(small::kSource, {{.id = "2.1", .task = "Do it.", .starter = "wait();"}}, "run.cpp");
  CHECK(text == "#include <x>\nint run() {\n  // TODO(2.1): Do it.\n  wait();\n  return 0;\n}\n");
}

TEST_CASE("a region that is missing, single or doubled is named with its file", "[workbook]") {
  CHECK(small::message_of([] { starter_of("int a;\n", {{.id = "2.1"}}, "run.cpp"); }) ==
        "run.cpp: there is no region //! [ex2.1]");
  CHECK(contains(small::message_of([] { region_of("//! [ex2.1]\n", "2.1", "run.cpp"); }), "run.cpp:1: "));
}

TEST_CASE("regions that overlap are refused", "[workbook]") {
  const std::string source = "//! [ex2.1]\n//! [ex2.2]\n//! [ex2.1]\n//! [ex2.2]\n";
  CHECK(contains(small::message_of([&] { starter_of(source, {{.id = "2.1"}}, "run.cpp"); }), "overlap"));
}

TEST_CASE("wrong code takes the solution's place", "[workbook]") {
  CHECK(contains(with_region(small::kSource, "2.1", "wrong();", "run.cpp"), "{\nwrong();\n  return 0;"));
}
