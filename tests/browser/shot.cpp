// A picture of a page, for looking at: browser_shot URL WIDTH HEIGHT light|dark FILE.png
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "tests/browser/devtools.hpp"

int main(int argc, char** argv) try {
  if (argc != 6) {
    std::fprintf(stderr, "usage: browser_shot URL WIDTH HEIGHT light|dark FILE.png\n");
    return 2;
  }
  dockwright::browser::Page page{dockwright::browser::find_chromium()};
  page.look(std::atoi(argv[2]), std::atoi(argv[3]), std::string{argv[4]} == "dark");
  page.open(argv[1]);
  page.screenshot(argv[5]);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "browser_shot: %s\n", error.what());
  return 1;
}
