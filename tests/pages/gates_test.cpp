// Each rule for pages is shown a page that breaks it: a gate that cannot refuse is none.
#include "tests/pages/gates.hpp"

#include <fmt/format.h>

#include "book/workbook/weave_text.hpp"
#include "tests/pages/scratch.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using gates::Page;

namespace {

Page page(std::string text) { return {.file = "bad.md", .text = std::move(text)}; }

std::string chapter_page(const std::vector<std::string>& sections) {
  std::string text = "# Chapter 2: chroot {#ch02}\n\n";
  for (const auto& section : sections) text += fmt::format("## Words {{#ch02-{}}}\n\nText.\n\n", section);
  return text;
}

const std::vector<std::string> kAll = {"where",   "glance", "predict",   "idea",  "do",
                                       "changed", "break",  "exercises", "wrong", "docker",
                                       "note",    "fails",  "challenges"};

}  // namespace

TEST_CASE("C++ typed into a page is refused", "[pages]") {
  CHECK(gates::typed_code(page("```cpp\nint a;\n```\n")).size() == 1);
  CHECK(gates::typed_code(page("~~~{.cpp}\nint a;\n~~~\n")).size() == 1);
  CHECK(gates::typed_code(page("```\n#include <a>\n```\n")).size() == 1);
  CHECK(gates::typed_code(page("@code\nint a;\n@endcode\n")).size() == 1);
  CHECK(gates::typed_code(page("Text.\n\n    int a = 1;\n")).size() == 1);
  CHECK(gates::typed_code(page("```console\n$ ls\n```\n\n- one\n    and more\n")).empty());
}

TEST_CASE("a heading without an id, or with one that is taken, is refused", "[pages]") {
  CHECK(gates::heading_ids({page("# A {#a}\n## B\n")}) ==
        gates::Complaints{"bad.md:2: this heading has no id {#…}"});
  CHECK(gates::heading_ids({page("# A {#a}\n"), page("# B {#a}\n")}).size() == 1);
  CHECK(gates::heading_ids({page("# A {#a}\n```sh\n# a comment of the shell\n```\n")}).empty());
}

TEST_CASE("a chapter's page has its thirteen sections in order", "[pages]") {
  CHECK(gates::section_order(page(chapter_page(kAll))).empty());
  auto swapped = kAll;
  std::swap(swapped[2], swapped[3]);
  CHECK(gates::section_order(page(chapter_page(swapped))).size() == 2);
  auto short_one = kAll;
  short_one.pop_back();
  CHECK(gates::section_order(page(chapter_page(short_one))).size() == 1);
  auto long_one = kAll;
  long_one.emplace_back("more");
  CHECK(gates::section_order(page(chapter_page(long_one))).size() == 1);
  CHECK(gates::section_order(page("# Glossary {#glossary}\n\n## A {#a}\n")).empty());
}

TEST_CASE("what is shown has at most 72 columns, a terminal 80", "[pages]") {
  const Scratch project;
  project.write("chapters/01-x/run.cpp", "//! [wide]\n  int a = " + std::string(70, '1') +
                                             ";\n//! [wide]\n//! [ok]\n    int b;\n//! [ok]\n");
  CHECK(gates::wide_code(project.root(), page("@snippet chapters/01-x/run.cpp wide\n")).size() == 1);
  CHECK(gates::wide_code(project.root(), page("@snippet chapters/01-x/run.cpp ok\n")).empty());
  CHECK(gates::wide_code(project.root(), page("```sh\n" + std::string(73, 'x') + "\n```\n")).size() == 1);
  CHECK(gates::wide_code(project.root(), page("```console\n$ " + std::string(78, 'x') + "\n```\n")).empty());
  CHECK(gates::wide_code(project.root(), page("```console\n$ " + std::string(79, 'x') + "\n```\n")).size() ==
        1);
  CHECK(gates::wide_code(project.root(), page("```console\n$ " + std::string(40, '<') + "\n```\n")).empty());
}

TEST_CASE("a picture without words is refused", "[pages]") {
  CHECK(gates::silent_pictures(page("![](a.png)\n")).size() == 1);
  CHECK(gates::silent_pictures(page("@image html a.png\n")).size() == 1);
  CHECK(gates::silent_pictures(page("![A tree](a.png)\n")).empty());
}

TEST_CASE("a drawing with a system call of a later chapter is refused", "[pages]") {
  const Scratch project;
  const std::string text = "# Chapter 1: x {#ch01}\n\n@figure{life,A life.}\n";
  project.write("book/figures/life.svg", "<svg><title>Life</title><text>dup2, chdir</text></svg>");
  CHECK(gates::early_calls(project.root(), page(text)) ==
        gates::Complaints{"bad.md:3: book/figures/life.svg shows dup2, which arrives in chapter 3"});
  CHECK(
      gates::early_calls(project.root(), page("# Chapter 3: x {#ch03}\n\n@figure{life,A life.}\n")).empty());
  project.write("book/figures/life.svg", "<svg><title>Life</title><text>clone3, chdir</text></svg>");
  CHECK(gates::early_calls(project.root(), page(text)).empty());
}

TEST_CASE("a chapter's page that is too short or too long is refused", "[pages]") {
  const auto with = [](int words) {
    std::string text = "# Chapter 2: chroot {#ch02}\n\n";
    for (int i = 0; i < words; ++i) text += "word\n";
    return page(text);
  };
  CHECK(gates::word_count(with(1999)).size() == 1);
  CHECK(gates::word_count(with(2000)).empty());
  CHECK(gates::word_count(with(3501)).size() == 1);
  CHECK(gates::count_words("# Title {#a}\n\nThree words — here.\n\n@do\n```sh\nnot these\n```\n") == 3);
}

TEST_CASE("a hint that contains the solution's line is refused", "[pages]") {
  const std::vector<std::string> solution = {"  // why", "  sys::chroot(spec.rootfs);", "  }"};
  CHECK(gates::gives_away("Write `sys::chroot(spec.rootfs)` there.", solution));
  CHECK(gates::gives_away("Write `sys::chroot( spec.rootfs );` there.", solution));
  CHECK_FALSE(gates::gives_away("Which call changes the root? Look for `sys::chroot`.", solution));
  CHECK_FALSE(gates::gives_away("}", solution));

  const Scratch project;
  project.write("chapters/02-x/run.cpp", "//! [ex2.1]\nsys::chroot(spec.rootfs);\n//! [ex2.1]\n");
  const std::string head =
      "chapter: 2\ntitle: x\nminutes: 1\nexercises:\n  - {id: '2.1', title: t, task: t, hints: ['";
  project.write("chapters/02-x/exercises.yaml", head + "type sys::chroot(spec.rootfs)']}\n");
  CHECK(gates::telling_hints(project.root(), 2).size() == 1);
  project.write("chapters/02-x/exercises.yaml", head + "which call is it?']}\n");
  CHECK(gates::telling_hints(project.root(), 2).empty());
}

TEST_CASE("a region of a source that nothing shows is refused, and an exercise without one", "[pages]") {
  const Scratch project;
  project.write("chapters/02-x/run.cpp", "//! [run]\nint a;\n//! [run]\n");
  CHECK(gates::unused_tags(project.root(), 2, {}).size() == 1);
  CHECK(gates::unused_tags(project.root(), 2, {page("@snippet chapters/02-x/run.cpp run\n")}).empty());
  project.write("chapters/02-x/exercises.yaml",
                "title: x\nminutes: 1\nexercises:\n  - {id: '2.1', title: t, task: t}\n");
  CHECK(gates::unused_tags(project.root(), 2, {page("@snippet chapters/02-x/run.cpp run\n")}).size() == 1);
}

TEST_CASE("a transcript that no page prints is refused", "[pages]") {
  const Scratch project;
  project.write("chapters/02-x/transcripts/hello.t", "stage: 02\n---\n$ true\n");
  CHECK(gates::unused_transcripts(project.root(), 2, {}).size() == 1);
  CHECK(gates::unused_transcripts(project.root(), 2, {page("@transcript{02-x/hello}\n")}).empty());
}
