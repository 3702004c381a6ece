// The book's own pages, judged by the rules in gates.hpp. A chapter's sources are judged as soon as its page
// is there, and every chapter must have its page.
#include <fmt/format.h>

#include <algorithm>

#include "book/workbook/weave_contents.hpp"
#include "book/workbook/weave_text.hpp"
#include "tests/pages/gates.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

// Tests run in the project's top directory.
const fs::path kRoot = fs::current_path();

std::vector<int> chapters_there() {
  std::vector<int> numbers;
  for (const auto& entry : fs::directory_iterator{kRoot / "chapters"})
    if (entry.is_directory() && entry.path().filename().string().find('-') == 2)
      numbers.push_back(weave::parse_chapter(entry.path().filename().string().substr(0, 2)));
  return numbers;
}

bool has_page(int chapter) {
  return fs::exists(kRoot / "book" / (weave::chapter_directory(kRoot, chapter).filename().string() + ".md"));
}

void require_none(const gates::Complaints& complaints) {
  std::string all;
  for (const auto& complaint : complaints) all += "\n  " + complaint;
  INFO(all);
  CHECK(complaints.empty());
}

template <typename Gate>
void judge_pages(Gate&& gate) {
  const auto pages = gates::load_pages(kRoot);
  REQUIRE(pages.size() >= 4);
  for (const auto& page : pages) require_none(gate(page));
}

template <typename Gate>
void judge_chapters(Gate&& gate) {
  const auto pages = gates::load_pages(kRoot);
  const auto numbers = chapters_there();
  REQUIRE(numbers.size() >= 4);
  for (const int number : numbers)
    if (has_page(number)) require_none(gate(number, pages));
}

}  // namespace

TEST_CASE("every chapter has its page", "[pages]") {
  for (const int number : chapters_there()) {
    INFO("chapter " << number);
    CHECK(has_page(number));
  }
}

TEST_CASE("no page has C++ typed into it", "[pages]") { judge_pages(gates::typed_code); }

TEST_CASE("every heading of the book has an id of its own", "[pages]") {
  require_none(gates::heading_ids(gates::load_pages(kRoot)));
}

TEST_CASE("every chapter's page has the sections of the skeleton", "[pages]") {
  judge_pages(gates::section_order);
}

TEST_CASE("no code in the book is wider than 72 columns", "[pages]") {
  judge_pages([](const gates::Page& page) { return gates::wide_code(kRoot, page); });
}

TEST_CASE("every picture of the book has an alternative text", "[pages]") {
  judge_pages(gates::silent_pictures);
}

TEST_CASE("no drawing shows a system call before its chapter", "[pages]") {
  judge_pages([](const gates::Page& page) { return gates::early_calls(kRoot, page); });
}

TEST_CASE("every chapter's page has 2,000 to 3,500 words", "[pages]") { judge_pages(gates::word_count); }

TEST_CASE("no hint contains its solution's line", "[pages]") {
  judge_chapters([](int chapter, const auto&) { return gates::telling_hints(kRoot, chapter); });
}

TEST_CASE("every tagged region is shown by a page or is an exercise", "[pages]") {
  judge_chapters([](int chapter, const auto& pages) { return gates::unused_tags(kRoot, chapter, pages); });
}

TEST_CASE("every transcript is printed by a page", "[pages]") {
  judge_chapters(
      [](int chapter, const auto& pages) { return gates::unused_transcripts(kRoot, chapter, pages); });
}

TEST_CASE("no cell of a measured table is empty", "[pages]") {
  std::size_t tables = 0;
  for (const auto& entry : fs::directory_iterator{kRoot / "book/measured"}) {
    ++tables;
    for (const auto& line : weave::split_lines(weave::read_file(entry.path()))) {
      INFO(entry.path().filename().string() << ": " << line);
      CHECK_FALSE(contains(weave::replace_all(line, " ", ""), "||"));
    }
  }
  CHECK(tables >= 5);
}

TEST_CASE("every page stands in the order of the book", "[pages]") {
  std::vector<std::string> ordered;
  for (const auto& page : weave::reading_order(weave::load_contents(kRoot)))
    ordered.push_back(page.file.filename().string());
  for (const auto& page : gates::load_pages(kRoot)) {
    INFO(page.file.string() << " is not in book/parts.yaml");
    CHECK(std::find(ordered.begin(), ordered.end(), page.file.filename().string()) != ordered.end());
  }
}
