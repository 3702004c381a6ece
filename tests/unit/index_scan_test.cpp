// One entry of an index, found by its name without reading the others.

#include "chapters/09-images/index_scan.hpp"

#include <string>

#include "tests/unit/catch.hpp"

namespace dockwright {

namespace {

std::string around(const std::string& text, const std::string& word) {
  const auto entry = entry_around(text, text.find(word));
  return entry ? std::string{*entry} : "none";
}

}  // namespace

TEST_CASE("the entry of a name is cut out of the index", "[images]") {
  const std::string one = R"({"digest":"1","annotations":{"n":"a"}})";
  const std::string two = R"({"digest":"2","annotations":{"n":"b","m":"}\\\"{"},"platform":{"os":"x"}})";
  const std::string index = R"({"x":"{[\"","manifests":[)" + one + ", " + two + R"(],"last":{"k":"c"}})";
  CHECK(around(index, "\"a\"") == one);
  CHECK(around(index, "\"b\"") == two);
  SECTION("but not what stands elsewhere") {
    CHECK(around(index, "\"1\"") == "none");  // of the entry itself
    CHECK(around(index, "\"c\"") == "none");  // of the index
    CHECK(around(index, "\"manifests\"") == "none");
    CHECK(around(index, ",\"last\"") == "none");  // between values
  }
  SECTION("and what ends too early is no entry") {
    for (std::size_t size = 0; size < index.find(two) + two.size(); ++size)
      CHECK_FALSE(entry_around(std::string_view{index}.substr(0, size), index.find("\"b\"")));
    CHECK_FALSE(entry_around("}}\"a\"", 2));
    CHECK_FALSE(entry_around(R"({{{"a\)", 3));
  }
}

}  // namespace dockwright
