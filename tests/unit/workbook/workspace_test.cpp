#include "book/workbook/workspace.hpp"

#include "book/workbook/progress.hpp"
#include "book/workbook/propagate.hpp"
#include "book/workbook/subprocess.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright::workbook;

TEST_CASE("a chapter is not started over work that is there", "[workbook]") {
  const small::SmallProject small;
  const auto project = small.project();
  start_chapter(project, project.chapter(2));
  CHECK(contains(small.read("my/02-chroot/run.cpp"), "TODO(2.1): Make the root"));
  CHECK(contains(small::message_of([&] { start_chapter(project, project.chapter(2)); }), "workbook reset 2"));
}

TEST_CASE("reset restores the starter byte for byte and keeps the reader's file", "[workbook]") {
  const small::SmallProject small;
  const auto project = small.project();
  start_chapter(project, project.chapter(2));
  const auto starter = small.read("my/02-chroot/run.cpp");
  small.write("my/02-chroot/run.cpp", "mine\n");
  const auto attic = reset_chapter(project, project.chapter(2));
  CHECK(small.read("my/02-chroot/run.cpp") == starter);
  CHECK(read_file(attic / "run.cpp") == "mine\n");
  CHECK(reset_chapter(project, project.chapter(2)).empty());
}

TEST_CASE("what was passed is remembered as plain text", "[workbook]") {
  const small::SmallProject small;
  auto progress = Progress::load(small.path() / "my");
  progress.pass("2.1");
  progress.show_hint("2.2", 3);
  progress.save();
  CHECK(contains(small.read("my/progress"), "passed 2.1\nhint 2.2 3\n"));
  CHECK(Progress::load(small.path() / "my").has_passed("2.1"));
}

TEST_CASE("a line that the state file does not understand is named", "[workbook]") {
  const small::SmallProject small;
  small.write("my/progress", "passed 2.1\nwon 2.2\n");
  CHECK(
      contains(small::message_of([&] { Progress::load(small.path() / "my"); }), "my/progress:2: 'won 2.2'"));
}

TEST_CASE("a mended line of a spine is carried into the later spines", "[workbook]") {
  const small::SmallProject small;
  const std::string spine = "one\ntwo\nthree\nfour\nfive\nsix\n";
  small.write("chapters/02-chroot/run.cpp", spine);
  small.write("chapters/03-namespaces/run.cpp", spine + "seven\n");
  small.write("chapters/11-dockerfile/build.cpp", spine);
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"git", "-C", small.path().string(), "-c", "user.name=t", "-c", "user.email=t@t"});
    return run_program(words).exit_code;
  };
  REQUIRE(git({"init", "-q"}) == 0);
  REQUIRE(git({"add", "."}) == 0);
  REQUIRE(git({"commit", "-qm", "all"}) == 0);
  CHECK(contains(small::message_of([&] { propagate(small.project(), 2); }), "mend it first"));
  small.write("chapters/02-chroot/run.cpp", replace_all(spine, "two", "TWO"));
  const auto result = propagate(small.project(), 2);
  REQUIRE(result.size() == 1);
  CHECK(result[0].changed);
  CHECK_FALSE(result[0].conflict);
  CHECK(small.read("chapters/03-namespaces/run.cpp") == replace_all(spine, "two", "TWO") + "seven\n");
  CHECK(small.read("chapters/11-dockerfile/build.cpp") == spine);
}
