// The finished book. DOCKWRIGHT_BOOK is its folder; the test "book: builds without a warning" makes it.
#include <fmt/format.h>

#include <cstdlib>

#include "book/workbook/weave_contents.hpp"
#include "book/workbook/weave_text.hpp"
#include "tests/pages/links.hpp"
#include "tests/pages/markup.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

fs::path book() {
  const char* folder = std::getenv("DOCKWRIGHT_BOOK");
  REQUIRE(folder != nullptr);
  return folder;
}

}  // namespace

TEST_CASE("no link of the book is dead, and nothing is fetched", "[html]") {
  std::string all;
  for (const auto& complaint : gates::dead_links(book())) all += "\n  " + complaint;
  INFO(all);
  CHECK(all.empty());
}

TEST_CASE("no page of the book shows raw markup", "[html]") {
  std::string all;
  for (const auto& complaint : gates::leaked_markup(book())) all += "\n  " + complaint;
  INFO(all);
  CHECK(all.empty());
}

TEST_CASE("every page of the book is bound: sidebar, one title, language, skip link", "[html]") {
  for (const auto& page : weave::reading_order(weave::load_contents(fs::current_path()))) {
    INFO(page.id);
    const auto html = weave::read_file(book() / (page.id + ".html"));
    CHECK(contains(html, "<html lang=\"en\">"));
    CHECK(contains(html, "class=\"skip\""));
    CHECK(contains(html, fmt::format("<a href=\"{}.html\" aria-current=\"page\">", page.id)));
    CHECK(contains(html, "<nav class=\"pager\""));
    CHECK(html.find("<h1") == html.rfind("<h1"));
    CHECK_FALSE(contains(html, "<!--sidebar-->"));
  }
}

TEST_CASE("the search index has words of every page", "[html]") {
  const auto index = weave::read_file(book() / "search-index.js");
  for (const auto& page : weave::reading_order(weave::load_contents(fs::current_path())))
    CHECK(contains(index, "[\"" + page.id + ".html"));
}
