#include <algorithm>

#include "book/workbook/weave.hpp"

#include "book/workbook/weave_bind.hpp"
#include "book/workbook/weave_console.hpp"
#include "book/workbook/weave_diff.hpp"
#include "book/workbook/weave_html.hpp"
#include "tests/pages/scratch.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using namespace dockwright::weave;

namespace {

// What weaving `text` says is wrong, or nothing.
std::string complaint(const Scratch& project, const std::string& text) try {
  weave_text(project.root(), "page.md", text);
  return "";
} catch (const WeaveError& error) {
  return error.what();
}

}  // namespace

TEST_CASE("a directive is a line of its own with arguments in braces", "[weave]") {
  Directive directive;
  CHECK(parse_directive("@cells{2, before}", directive));
  CHECK(directive == Directive{.name = "cells", .arguments = {"2", "before"}});
  CHECK(parse_directive("  @do  ", directive));
  CHECK(directive == Directive{.name = "do"});
  CHECK_FALSE(parse_directive("@do this", directive));
  CHECK_FALSE(parse_directive("plain text", directive));
}

TEST_CASE("a mistake in a page is named with file and line", "[weave]") {
  const Scratch project;
  CHECK(contains(complaint(project, "# T {#t}\n\n@nonsense{1}\n"), "page.md:3: unknown directive @nonsense"));
  CHECK(contains(complaint(project, "@transcript{02-chroot/hello}\n"),
                 "page.md:1: there is no transcript chapters/02-chroot"));
  CHECK(contains(complaint(project, "@transcript{hello}\n"), "CHAPTER/NAME"));
  CHECK(contains(complaint(project, "@glance{2}\n"), "page.md:1: there is no directory chapters/02-"));
  CHECK(contains(complaint(project, "@glance{two}\n"), "not the number of a chapter"));
  CHECK(contains(complaint(project, "@figure{none,words}\n"), "cannot read"));
  CHECK(contains(complaint(project, "@figure{none}\n"), "takes 2 arguments"));
  CHECK(contains(complaint(project, "@measured{../../secret}\n"), "not the name of a file"));
  CHECK(contains(complaint(project, "```sh\necho\n"), "page.md:1: this block of code has no end"));
  CHECK(complaint(project, "Mail me@example.org.\n\n@note Read on.\n\n```sh\n@nonsense\n```\n").empty());
}

TEST_CASE("a directive that is not closed on its line is refused, wherever it stands", "[weave]") {
  const Scratch project;
  const std::string open = "is not closed on its line";
  CHECK(contains(complaint(project, "Text.\n\n@figure{init,a process\nand its child}\n"),
                 "page.md:3: the { of @figure " + open));
  CHECK(contains(complaint(project, "a word, @term{vm,virtual\nmachine}, in a text\n"),
                 "page.md:1: the { of @term " + open));
  CHECK(contains(complaint(project, "@term{vm}, then \\man{open,2\n"), "the { of @man " + open));
  CHECK(complaint(project, "@term{vm} and @man{open,2}\n").empty());
  CHECK(complaint(project, "Write `@term{` and close it.\n\n```sh\necho @x{\n```\n").empty());
}

TEST_CASE("the attack table shows the stages that a page asks for", "[weave]") {
  const Scratch project;
  project.write(
      "tests/attacks/attacks.yaml",
      "stages: 2\nattacks:\n"
      "  - {id: a, title: climb out, question: \"Can `it`?\", run: [x], stopped: [no], works: [yes],\n"
      "     chapter: 2, cve: CVE-2019-5736, stages: [works, stopped]}\n"
      "  - {id: b, title: later, question: q, run: [x], stopped: [no], works: [yes], chapter: 3,\n"
      "     reason: it comes later, stages: [none, none]}\n");
  const auto woven = weave_text(project.root(), "page.md", "@attacks{1,2}\n");
  CHECK(contains(woven, "<th scope=\"col\">stage 2</th>"));
  CHECK(contains(woven, "<span class=\"verdict red\">works</span>"));
  CHECK(contains(woven, "<span class=\"verdict green\">stopped</span>"));
  CHECK(contains(woven, "Can <code>it</code>?"));
  CHECK(contains(woven, "CVERecord?id=CVE-2019-5736"));
  CHECK_FALSE(contains(woven, "later"));
  CHECK(weave_text(project.root(), "page.md", "@attacks\n") == woven);
  CHECK(contains(complaint(project, "@attacks{3}\n"), "page.md:1: the attack table has no stage 3"));
}

TEST_CASE("an attack table of many stages has signs, which a screen reader reads as words", "[weave]") {
  const Scratch project;
  project.write(
      "tests/attacks/attacks.yaml",
      "stages: 5\nattacks:\n"
      "  - {id: a, title: climb out, question: q, run: [x], stopped: [no], works: [yes], chapter: 5,\n"
      "     stages: [works, works, works, works, stopped]}\n");
  const auto woven = weave_text(project.root(), "page.md", "@attacks\n");
  CHECK(contains(woven, "<th scope=\"col\"><abbr title=\"stage 5\">5</abbr></th>"));
  CHECK(contains(woven, "aria-label=\"works\" title=\"works\">✗</span>"));
  CHECK(contains(woven, "aria-label=\"stopped\" title=\"stopped\">✓</span>"));
}

TEST_CASE("the boxes of a page are paired", "[weave]") {
  const Scratch project;
  CHECK(complaint(project, "@predict\nq\n@answer\na\n@endpredict\n").empty());
  CHECK(contains(complaint(project, "@predict\nq\n@endpredict\n"), "without @answer"));
  CHECK(contains(complaint(project, "@do\n"), "page.md:1: @do has no @enddo"));
  CHECK(contains(complaint(project, "@enddo\n"), "@enddo without @do"));
  CHECK(contains(complaint(project, "@do\n@predict\n"), "@predict inside of @do"));
  CHECK(contains(complaint(project, "@answer\n"), "belongs between"));
}

TEST_CASE("a transcript becomes a terminal, its patterns set apart", "[weave]") {
  const Scratch project;
  project.write("chapters/02-x/transcripts/hello.t", "stage: 02\n---\n$ ls <x>\nbin [..] [PID]\n...\n? 7\n");
  const auto woven = weave_text(project.root(), "page.md", "@transcript{02-x/hello}\n");
  CHECK(contains(woven, "<kbd>ls &lt;x&gt;</kbd>"));
  CHECK(contains(woven, "…</span> <var"));
  CHECK(contains(woven, "⋮"));
  CHECK(contains(woven, "exit code 7"));
  CHECK_FALSE(contains(woven, "stage: 02"));
}

TEST_CASE("the glance box says what the reader will be able to do, and a sheet must say it", "[weave]") {
  const Scratch project;
  project.write("chapters/02-x/run.cpp", "int a;\n");
  const std::string head = "title: x\nminutes: 1\nexercises: []\n";
  project.write("chapters/02-x/exercises.yaml", head + "able:\n  - say what `/` is\n  - walk < out\n");
  project.write("chapters/02-x/below/more.cpp", "int b;\nint c;\n");
  const auto woven = weave_text(project.root(), "page.md", "@glance{2}\n");
  CHECK(contains(woven, "3 lines in <code>chapters/02-x</code>; the spine has 1"));
  CHECK(contains(woven, "<dt>Afterwards you can</dt>"));
  CHECK(contains(woven, "<li>say what <code>/</code> is</li>"));
  CHECK(contains(woven, "<li>walk &lt; out</li>"));
  project.write("chapters/02-x/exercises.yaml", head);
  CHECK(contains(complaint(project, "@glance{2}\n"), "does not say what the reader will be 'able' to do"));
}

TEST_CASE("hints stand one inside the other", "[weave]") {
  const Scratch project;
  project.write("chapters/02-x/run.cpp", "int a;\n");
  project.write("chapters/02-x/exercises.yaml",
                "title: x\nminutes: 1\nexercises:\n  - {id: '2.1', title: T, task: Do., hints: [first, "
                "second], checks: [{run: $RUNTIME run}]}\n");
  const auto woven = weave_text(project.root(), "page.md", "@exercises{2}\n");
  CHECK(woven.find("Hint 1 of 2") < woven.find("Hint 2 of 2"));
  CHECK(contains(woven, "</details></details>"));
  CHECK(contains(woven, "my-stage02 run"));
  CHECK(contains(woven, "{#ch02-ex1}"));
}

TEST_CASE("a figure needs a title and takes the text for who cannot see it", "[weave]") {
  const Scratch project;
  project.write("book/figures/a.svg",
                "<svg viewBox=\"0 0 1 1\"><title>A thing</title><desc>old</desc><g/></svg>");
  const auto woven = weave_text(project.root(), "page.md", "@figure{a,Words, and more}\n");
  CHECK(contains(woven, "<desc id=\"a-desc\">Words, and more</desc>"));
  CHECK(contains(woven, "role=\"img\" aria-labelledby=\"a-title a-desc\""));
  CHECK(contains(woven, "<figcaption>A thing</figcaption>"));
  CHECK_FALSE(contains(woven, "old"));
  project.write("book/figures/b.svg", "<svg viewBox=\"0 0 1 1\"><g/></svg>");
  CHECK(contains(complaint(project, "@figure{b,Words}\n"), "has no <title>"));
}

TEST_CASE("a difference is what diff -u would say", "[weave]") {
  CHECK(unified_diff({"a", "b", "c"}, {"a", "x", "c"}) ==
        std::vector<std::string>{"@@ -1 +1 @@", " a", "-b", "+x", " c"});
  CHECK(unified_diff({"a"}, {"a"}).empty());
  CHECK(unified_diff({}, {"a"}) == std::vector<std::string>{"@@ -1 +1 @@", "+a"});
  const std::vector<std::string> far = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
  auto changed = far;
  changed[0] = "one";
  changed[8] = "nine";
  const auto lines = unified_diff(far, changed, 1);
  CHECK(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("@@"); }) ==
        2);
}

TEST_CASE("a spine is compared without essay, includes and markers", "[weave]") {
  CHECK(spine_lines({"// essay", "", "#include <a>", "", "/// Runs.", "int run() {", "  //! [tag]", "  go();",
                     "}"}) == std::vector<std::string>{"/// Runs.", "int run() {", "  go();", "}"});
}

TEST_CASE("a spine that is new is shown whole, and one that a stage took over is not", "[weave]") {
  const Scratch project;
  project.write("chapters/01-x/run.cpp", "// essay\nint run();\n");
  project.write("chapters/02-x/build.cpp", "// essay\nint build();\n");
  project.write("chapters/03-x/build.cpp", "// essay\nint build();\nint cache();\n");
  using Lines = std::vector<std::string>;
  CHECK(spine_diff_lines(project.root(), 1, 2) ==
        Lines{"--- nothing", "+++ chapters/02-x/build.cpp", "@@", "+int build();"});
  CHECK(spine_diff_lines(project.root(), 2, 3) == Lines{"--- chapters/02-x/build.cpp",
                                                        "+++ chapters/03-x/build.cpp", "@@", " int build();",
                                                        "+int cache();"});
  CHECK(spine_file(project.root(), 3, "run.cpp") == project.root() / "chapters/01-x/run.cpp");
}

TEST_CASE("text of a page: tags go, words stay apart, entities become characters", "[weave]") {
  CHECK(html_text("<p>a&lt;b</p><p>c<b>d</b></p><script>no</script><svg><text>no</text></svg>") == "a<b cd");
  const auto tags = html_tags("<a href=\"x>y\" hidden><!-- <b> --></a>");
  REQUIRE(tags.size() == 2);
  CHECK(html_attribute(tags[0], "href") == "x>y");
  CHECK(has_attribute(tags[0], "hidden"));
  CHECK_FALSE(has_attribute(tags[0], "hid"));
}

TEST_CASE("binding gives a page its title, its headings' links and its index", "[weave]") {
  const std::vector<ContentsPart> parts = {
      {"Part", {{"a.md", "a", "A", "about"}, {"b.md", "b", "B", "about"}}}};
  const auto html = bind_page(
      parts, "a",
      "<!--sidebar--><div class=\"title\">A </div><div class=\"contents\">before"
      "<h1><a class=\"anchor\" id=\"x\"></a>\nSection</h1><p>a pidfd</p>"
      "<div class=\"fragment\"><div class=\"line\">    a</div>\n<div class=\"line\">      b</div>\n</div>"
      "<!-- fragment --></div><!-- contents --><!--pager-->");
  CHECK(contains(html, "<h1 class=\"title\">A</h1>"));
  CHECK(contains(html, "<h2 id=\"x\">Section <a class=\"permalink\" href=\"#x\""));
  CHECK(contains(html, "<li><a href=\"#x\">Section</a></li>"));
  CHECK(contains(html, "<div class=\"line\">a</div>\n<div class=\"line\">  b</div>"));
  CHECK(contains(html, "<a href=\"b.html\" rel=\"next\">"));
  const auto entries = index_page("a.html", html);
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].text == "before");
  CHECK(entries[1].url == "a.html#x");
  CHECK(contains(entries[1].text, "a pidfd"));
  CHECK(contains(index_script(entries), "[\"a.html#x\",\"A\",\"Section\","));
  CHECK_FALSE(contains(index_script({{.url = "a", .text = "</script>\"\n"}}), "</script>"));
}

TEST_CASE("what looks like the end of a comment does not end the page's", "[weave]") {
  const auto woven = html_block("<kbd>sed 's/[0-9]*/x/' /*</kbd>");
  CHECK_FALSE(contains(woven, "*/"));
  CHECK_FALSE(contains(woven, "/*"));
  CHECK(contains(woven, "[0-9]*&#47;x"));
}
