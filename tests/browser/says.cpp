// What a page says: browser_says URL SELECTOR TEXT opens it, and waits until the first element that matches
// the CSS selector has that text. Ends with 1, and the page's own words, when it never has.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/browser/devtools.hpp"

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::fprintf(stderr, "usage: browser_says URL SELECTOR TEXT\n");
    return 2;
  }
  const auto chromium = dockwright::browser::find_chromium();
  if (chromium.empty()) {
    std::puts("skipped: needs chromium");
    return 0;
  }
  dockwright::browser::Page page{chromium};
  page.open(argv[1]);
  // as JSON a text is a JavaScript literal
  const auto found =
      fmt::format("document.querySelector({})?.textContent.trim()", nlohmann::json(argv[2]).dump());
  if (page.until(fmt::format("{} === {}", found, nlohmann::json(argv[3]).dump()))) return 0;
  std::fprintf(stderr, "%s says '%s'\n", argv[1], page.evaluate(found).c_str());
  for (const auto& error : page.take_errors()) std::fprintf(stderr, "  %s\n", error.c_str());
  return 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "browser_says: %s\n", error.what());
  return 1;
}
