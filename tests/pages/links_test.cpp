#include "tests/pages/links.hpp"

#include "tests/pages/scratch.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

TEST_CASE("a dead link is found, on its page and across pages", "[pages]") {
  const Scratch folder;
  const auto complaints = [&](const std::string& html) {
    folder.write("a.html", html);
    folder.write("b.html", "<h2 id=\"here\">B</h2>");
    return gates::dead_links(folder.root()).size();
  };
  CHECK(complaints("<a href=\"b.html#here\">x</a><a href=\"#me\">y</a><p id=\"me\">") == 0);
  CHECK(complaints("<a href=\"c.html\">x</a>") == 1);
  CHECK(complaints("<a href=\"b.html#there\">x</a>") == 1);
  CHECK(complaints("<a href=\"#nowhere\">x</a>") == 1);
  CHECK(complaints("<img src=\"no.png\" alt=\"x\">") == 1);
  CHECK(complaints("<img src=\"b.html\">") == 1);
  CHECK(complaints("<a href=\"https://example.org/\">a link may lead away</a>") == 0);
  CHECK(complaints("<script src=\"https://example.org/x.js\"></script>") == 1);
  CHECK(complaints("<link rel=\"stylesheet\" href=\"//example.org/x.css\">") == 1);
  CHECK(complaints("<!-- <a href=\"c.html\"> --><script>\"<a href='c.html'>\"</script>") == 0);
  CHECK(complaints("<nav class=\"pager\"></nav><p id=\"a\"><p id=\"a\">") == 1);
}
