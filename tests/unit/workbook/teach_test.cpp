#include <algorithm>

#include "book/workbook/schedule.hpp"
#include "book/workbook/slides.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright::workbook;

namespace {

int end_of(const std::vector<Slot>& slots) {
  int end = 0;
  for (const auto& slot : slots) end = std::max(end, slot.start + slot.minutes);
  return end;
}

}  // namespace

TEST_CASE("a schedule fits into its time and cuts from the end", "[workbook]") {
  const std::vector<Lesson> lessons = {{1, "a", 60, {}, {"1.1", "1.2"}}, {2, "b", 60, {}, {"2.1", "2.2"}}};
  const auto all = plan(lessons, 200);
  CHECK(all[1].depth == Depth::full);
  CHECK(all[1].start == 60);
  const auto less = plan(lessons, 110);
  CHECK(less[0].depth == Depth::full);
  CHECK(less[1].depth == Depth::core);
  for (const int minutes : {20, 45, 90, 110, 120}) CHECK(end_of(plan(lessons, minutes)) <= minutes);
}

TEST_CASE("slides are one file with a slide for each section and notes for the speaker", "[workbook]") {
  const small::SmallProject small;
  small.write("chapters/02-chroot/transcripts/hello.t", "stage: 02\n---\n$ ls </dev/null\nbin\n");
  small.write("book/figures/f.svg", "<?xml version=\"1.0\"?>\n<svg id=\"f\"/>\n");
  const auto html =
      make_slides(small.path(),
                  "# Chapter 2: chroot {#ch02}\n\n## The idea {#ch02-idea}\nOne. Two. "
                  "@term{box,Boxes} in [three](@ref x).\n\n@figure{f,words}\n@transcript{02-chroot/hello}\n");
  CHECK(contains(html, "<section id=\"ch02-idea\">\n<h2>The idea</h2>\n<p>One.</p>\n<p>Two.</p>"));
  CHECK(contains(html, "<pre>$ ls &lt;/dev/null\nbin\n</pre>"));
  CHECK(contains(html, "<aside>\n<p>Boxes in three.</p>"));
  CHECK(contains(html, "<svg id=\"f\"/>"));
  CHECK_FALSE(contains(html, "http"));
}
