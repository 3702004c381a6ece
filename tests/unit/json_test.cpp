#include "common/json.hpp"

#include <nlohmann/json.hpp>

#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

/// What is said of a document that is refused; empty when it is not.
std::string refusal(std::string_view text, const JsonLimits& limits = {}) {
  try {
    const JsonDocument document{"doc", text, limits};
    return "";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

template <typename Use>
std::string refusal_of(std::string_view text, const Use& use) {
  const JsonDocument document{"doc", text};
  try {
    use(document.root());
    return "";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

std::string nested(std::size_t depth, const char* begin, const char* end) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += begin;
  for (std::size_t i = 0; i < depth; ++i) text += end;
  return text;
}

}  // namespace

TEST_CASE("values of a document are read, and what is absent is empty", "[json]") {
  const JsonDocument document{"doc",
                              R"({"a": {"b/c": [1, "two", true, -3]}, "none": null, "map": {"x": "y"}})"};
  const JsonNode root = document.root();
  const auto list = root.at("a").at("b/c").items();
  REQUIRE(list.size() == 4);
  CHECK(list[0].number() == 1);
  CHECK(list[1].text() == "two");
  CHECK(list[2].boolean());
  CHECK(list[3].integer() == -3);
  CHECK(list[3].path() == "/a/b~1c/3");
  CHECK_FALSE(root.find("none"));
  CHECK_FALSE(root.find("missing"));
  CHECK(root.text_of("none").empty());
  CHECK(root.texts_of("missing").empty());
  CHECK(root.text_map_of("map").at("x") == "y");
}

TEST_CASE("a wrong value is refused with the document's name and its path", "[json]") {
  const std::string text =
      R"({"layers": [{"size": "12"}, {"size": -1}, {"size": 1.5}, {"size": 18446744073709551616}]})";
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string said = refusal_of(
        text, [&](const JsonNode& root) { (void)root.at("layers").items()[i].at("size").number(); });
    CHECK(said ==
          "doc: /layers/" + std::to_string(i) + "/size: a whole number, not below 0, is expected here");
  }
  CHECK(refusal_of("{}", [](const JsonNode& root) { (void)root.at("size"); }) == "doc: size is missing");
  CHECK(refusal_of("[]", [](const JsonNode& root) { (void)root.find("x"); }) ==
        "doc: an object is expected here");
  CHECK(refusal_of("1", [](const JsonNode& root) { (void)root.texts(); }) == "doc: a list is expected here");
  CHECK(refusal_of(R"({"a":1})", [](const JsonNode& root) { (void)root.text_map(); }) ==
        "doc: /a: a text is expected here");
}

TEST_CASE("a document that is too long or too deep is refused, and the limit named", "[json][security]") {
  CHECK(refusal("[ 1 ]", {.bytes = 5}).empty());
  CHECK(refusal("[  1 ]", {.bytes = 5}) == "doc: 6 bytes of JSON, and the limit is 5");
  CHECK(refusal(nested(64, "[", "]")).empty());
  CHECK(refusal(nested(65, "[", "]")) == "doc: JSON nested deeper than the limit of 64");
  CHECK(contains(refusal(nested(65, "{\"a\":", "}")), "deeper than the limit of 64"));
  CHECK(contains(refusal(nested(1'000'000, "[", "]")), "deeper than the limit of 64"));
  CHECK(contains(refusal(std::string(1'000'000, '[')), "deeper than the limit of 64"));
}

TEST_CASE("a key that stands twice in one object is refused", "[json][security]") {
  CHECK(refusal(R"({"a": {"x": 1}, "b": {"x": 2}})").empty());
  CHECK(refusal(R"({"a": {"x": 1, "y": [{}], "x": 2}})") == "doc: /a/x: this key stands there twice");
  CHECK(contains(refusal(R"({"x": 1, "\u0078": 2})"), "twice"));
}

TEST_CASE("what is no JSON is refused with its line", "[json][security]") {
  for (const std::string& text : std::vector<std::string>{"",
                                                          " ",
                                                          "{",
                                                          "}",
                                                          "{]",
                                                          "nul",
                                                          "{} {}",
                                                          "[1,]",
                                                          "{\"a\"}",
                                                          "{'a': 1}",
                                                          "\"\xff\"",
                                                          "\"\xed\xa0\x80\"",
                                                          "\"\\ud800\"",
                                                          "[1e999]",
                                                          "\"a\nb\"",
                                                          "[01]",
                                                          "[+1]",
                                                          "[NaN]",
                                                          std::string("[1]\0", 4),
                                                          std::string("[1]\0x", 5),
                                                          "// x\n1"}) {
    CAPTURE(text);
    CHECK_FALSE(refusal(text).empty());
  }
  CHECK(contains(refusal("{\n\"a\": 1,\n\"b\" 2}"), "no JSON in line 3"));
}

TEST_CASE("JSON is written in one line, keys in their order, and others' members kept", "[json]") {
  nlohmann::ordered_json json = {{"z", 1}, {"a", "\xff"}};
  const JsonDocument document{"doc", R"({"known": 1, "b": [1, {"c": null}], "z": 2})"};
  const std::string others = document.root().others({"known"});
  CHECK(others == R"({"b":[1,{"c":null}],"z":2})");
  add_others(json, others);
  CHECK(write_json(json) == "{\"z\":1,\"a\":\"\xef\xbf\xbd\",\"b\":[1,{\"c\":null}]}");
  CHECK(document.root().others({"known", "b", "z"}).empty());
}
