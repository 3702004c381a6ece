#include "book/workbook/agenda.hpp"

#include "book/workbook/workspace.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright::workbook;

namespace {

template <typename T>
void ignore_result(const T& /*result*/) {}

Agenda agenda_in(const small::SmallProject& small) {
  return agenda_of(small.project(), Progress::load(small.path() / "my"));
}

}  // namespace

TEST_CASE("the workbook always names one command to type next", "[workbook]") {
  const small::SmallProject small;
  CHECK(agenda_in(small).command == "chapters/tour");
  small.write("build/bin/stage01", "");
  small.write("build/rootfs/x", "");
  CHECK(agenda_in(small).command == "workbook start 2");
  start_chapter(small.project(), small.project().chapter(2));
  CHECK(agenda_in(small).command == "workbook check 2.1");
  auto progress = Progress::load(small.path() / "my");
  progress.pass("2.1");
  CHECK(agenda_of(small.project(), progress).state == Agenda::State::all_done);
}

TEST_CASE("the project is found from any directory inside it", "[workbook]") {
  const small::SmallProject small;
  CHECK(Project::find(small.path() / "chapters/02-chroot").root() == small.path());
  CHECK(contains(small::message_of([] { Project::find("/"); }), "not inside the project"));
}

TEST_CASE("an unknown chapter or exercise is answered with those there are", "[workbook]") {
  const small::SmallProject small;
  CHECK(small::message_of([&] { ignore_result(small.project().chapter(9)); }) ==
        "there is no chapter 9; the chapters are 2");
  const auto sheet = load_exercises(small.project().chapter(2));
  CHECK(contains(small::message_of([&] { ignore_result(sheet.exercise("2.7")); }), "it has 2.1"));
  CHECK(contains(small::message_of([] { ignore_result(chapter_of_id("two")); }), "'two' is no exercise"));
}
