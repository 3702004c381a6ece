// The book in Chromium, opened from the disk as a reader would. DOCKWRIGHT_BOOK is its folder.
#include <fmt/format.h>

#include <cstdlib>

#include "book/workbook/weave_contents.hpp"
#include "tests/browser/devtools.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

std::string url(const std::string& page) {
  const char* folder = std::getenv("DOCKWRIGHT_BOOK");
  if (folder == nullptr) throw std::runtime_error{"DOCKWRIGHT_BOOK is not set"};
  return fmt::format("file://{}/{}.html", fs::absolute(folder).string(), page);
}

std::vector<std::string> page_ids() {
  std::vector<std::string> ids;
  for (const auto& page : weave::reading_order(weave::load_contents(fs::current_path())))
    ids.push_back(page.id);
  return ids;
}

}  // namespace

#define NEEDS_CHROMIUM()                  \
  if (browser::find_chromium().empty()) { \
    WARN("skipped: needs chromium");      \
    return;                               \
  }                                       \
  browser::Page page { browser::find_chromium() }

TEST_CASE("no page scrolls sideways, at 400 pixels or at 1280, and none complains", "[browser]") {
  NEEDS_CHROMIUM();
  auto ids = page_ids();
  ids.insert(ids.end(), {"namespaces", "annotated", "classdockwright_1_1UniqueFd"});
  for (const int width : {400, 1280}) {
    page.look(width, 800);
    for (const auto& id : ids) {
      INFO(id << " at " << width);
      page.open(url(id));
      CHECK(page.evaluate("document.documentElement.scrollWidth <= innerWidth") == "true");
      const auto errors = page.take_errors();
      INFO((errors.empty() ? "" : errors.front()));
      CHECK(errors.empty());
    }
  }
}

TEST_CASE("the search finds a word of the text, by keyboard alone", "[browser]") {
  NEEDS_CHROMIUM();
  page.look(1280, 800);
  page.open(url("index"));
  page.press("/");
  CHECK(page.evaluate("document.activeElement.id") == "search");
  page.type("recycled outlives");
  CHECK(page.until("document.getElementById('search-status').textContent.includes('found')"));
  page.evaluate("document.getElementById('search').value = ''");
  page.type("a bad handle to keep");
  REQUIRE(page.until("document.querySelectorAll('#search-results [role=option]').length > 0"));
  CHECK(page.evaluate("document.getElementById('search').getAttribute('aria-expanded')") == "true");
  CHECK(contains(page.evaluate("document.querySelector('#search-results mark').textContent"), "a"));
  page.press("ArrowDown");
  CHECK(page.evaluate("document.querySelector('#search-results [aria-selected=true]').id") == "found-0");
  page.press("Enter");
  CHECK(page.until("location.href.endsWith('glossary.html#glossary-pid')"));
  CHECK(page.take_errors().empty());
}

TEST_CASE("a search for what is not there says so", "[browser]") {
  NEEDS_CHROMIUM();
  page.open(url("index"));
  page.press("/");
  page.type("xyzzyqwerty<b>");
  CHECK(page.until("document.querySelector('#search-results .none') !== null"));
  page.press("Escape");
  CHECK(page.evaluate("document.getElementById('search-results').hidden") == "true");
}

TEST_CASE("the colours follow the system, and the button changes them for good", "[browser]") {
  NEEDS_CHROMIUM();
  const std::string paper = "getComputedStyle(document.body).backgroundColor";
  page.look(1280, 800, true);
  page.open(url("index"));
  const auto dark = page.evaluate(paper);
  page.look(1280, 800, false);
  page.open(url("index"));
  const auto light = page.evaluate(paper);
  CHECK(light != dark);
  page.click("#theme");
  CHECK(page.until(paper + " === '" + dark + "'"));
  CHECK(page.evaluate("document.getElementById('theme').getAttribute('aria-pressed')") == "true");
  page.open(url("glossary"));
  CHECK(page.until(paper + " === '" + dark + "'"));
}

TEST_CASE("the links to the next and the previous page lead through the whole book and back", "[browser]") {
  NEEDS_CHROMIUM();
  const auto ids = page_ids();
  page.open(url(ids.front()));
  for (std::size_t i = 1; i < ids.size(); ++i) {
    INFO(ids[i]);
    page.click(".pager [rel=next]");
    REQUIRE(page.until(
        fmt::format("location.pathname.endsWith('/{}.html') && document.readyState === 'complete'", ids[i])));
  }
  CHECK(page.evaluate("document.querySelector('.pager [rel=next]') === null") == "true");
  page.click(".pager [rel=prev]");
  CHECK(page.until(fmt::format("location.pathname.endsWith('/{}.html')", ids[ids.size() - 2])));
}

TEST_CASE("the tables of errors and of system calls are seen whole, at 400 pixels and at 1280", "[browser]") {
  NEEDS_CHROMIUM();
  for (const int width : {400, 1280}) {
    page.look(width, 800);
    for (const auto* id : {"errors", "syscalls", "ch04"}) {
      INFO(id << " at " << width);
      page.open(url(id));
      CHECK(page.evaluate("document.querySelectorAll('.scroll > table.cards').length > 0") == "true");
      CHECK(page.evaluate("[...document.querySelectorAll('.scroll')].filter((box) => "
                          "box.querySelector('.cards') && box.scrollWidth > box.clientWidth + 1).length") ==
            "0");
    }
  }
}

TEST_CASE("a copy button never lies over text, not even when it is shown", "[browser]") {
  NEEDS_CHROMIUM();
  // What lies under the button's own rectangle: the block beside it, or another element that holds words.
  const std::string covered = R"((() => {
    let count = 0;
    for (const button of document.querySelectorAll('.copy')) {
      const mine = button.getBoundingClientRect();
      if (mine.width === 0) continue;  // in a box that is closed
      const over = (other) => {
        const its = other.getBoundingClientRect();
        return its.width > 0 && mine.left < its.right - 1 && mine.right > its.left + 1 &&
               mine.top < its.bottom - 1 && mine.bottom > its.top + 1;
      };
      const holder = button.parentElement;
      const next = holder.nextElementSibling;
      if (over(holder.firstElementChild) || (next && over(next))) ++count;
    }
    return document.querySelectorAll('.copy').length > 0 ? count : -1;
  })())";
  for (const int width : {400, 1280}) {
    page.look(width, 800);
    for (const auto* id : {"ch01", "ch04"}) {
      INFO(id << " at " << width);
      page.open(url(id));
      CHECK(page.evaluate(covered) == "0");
    }
  }
}

TEST_CASE("an answer opens by keyboard, and on a small screen the contents open by their button",
          "[browser]") {
  NEEDS_CHROMIUM();
  page.look(400, 800);
  page.open(url("index"));
  page.evaluate("document.querySelector('details.answer > summary').focus()");
  page.press("Enter");
  CHECK(page.until("document.querySelector('details.answer').open"));
  CHECK(page.evaluate("getComputedStyle(document.getElementById('sidebar')).visibility") == "hidden");
  page.click("#menu");
  CHECK(page.until("getComputedStyle(document.getElementById('sidebar')).visibility === 'visible'"));
  page.press("Escape");
  CHECK(page.until("getComputedStyle(document.getElementById('sidebar')).visibility === 'hidden'"));
}
