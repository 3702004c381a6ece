// What chapter 9 reads from people and prints for them: times, sizes, templates, lines of a Dockerfile,
// trees.

#include <nlohmann/json.hpp>

#include "chapters/09-images/change.hpp"

#include <cstdint>
#include "chapters/09-images/field_format.hpp"
#include "chapters/09-images/image_tree.hpp"
#include "chapters/09-images/listing.hpp"
#include "chapters/09-images/run_config.hpp"
#include "chapters/09-images/timestamp.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using Json = nlohmann::ordered_json;

namespace {

std::string refusal(const std::function<void()>& body) {
  try {
    body();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "(nothing was refused)";
}

std::string formatted(const std::string& format, const Json& json) { return FieldFormat{format}.of(json); }

ImageLayer layer(const char* name, std::uint64_t bytes) {
  return {.diff_id = Digest::of(name), .bytes = bytes, .made_by = name};
}

}  // namespace

TEST_CASE("times are read as others write them, and written in one way", "[images]") {
  CHECK(parse_time("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_time("2024-02-29T12:34:56.123456789Z") == 1709210096);
  CHECK(parse_time("2024-02-29T14:34:56+02:00") == 1709210096);
  CHECK(parse_time("2024-02-29t12:34:56z") == 1709210096);
  CHECK(parse_time("0001-01-01T00:00:00Z") < 0);
  for (const char* const bad : {"", "2024", "2024-02-29", "2024-02-29 12:34:56Z", "2024-02-29T12:34:56", "x",
                                "2024M02M29T12:34:56Z", "2024-02-29T12:34:56+0200", "2024-02-29T12:34:-1Z"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad));
  }
  CHECK(format_time(1709210096) == "2024-02-29T12:34:56Z");
  CHECK(format_time(0) == "1970-01-01T00:00:00Z");
}

TEST_CASE("ages and sizes are told in Docker's words", "[images]") {
  const auto age = [](Seconds seconds) { return ago(1'000'000'000 - seconds, 1'000'000'000); };
  CHECK(age(-5) == "Less than a second ago");
  CHECK(age(1) == "1 second ago");
  CHECK(age(59) == "59 seconds ago");
  CHECK(age(119) == "About a minute ago");
  CHECK(age(3599) == "59 minutes ago");
  CHECK(age(7199) == "About an hour ago");
  CHECK(age(47 * 3600) == "47 hours ago");
  CHECK(age(48 * 3600) == "2 days ago");
  CHECK(age(14 * 86400) == "2 weeks ago");
  CHECK(age(90 * 86400) == "3 months ago");
  CHECK(age(800 * 86400) == "2 years ago");
  CHECK(decimal_size(0) == "0B");
  CHECK(decimal_size(999) == "999B");
  CHECK(decimal_size(4'261'502) == "4.26MB");
  CHECK(decimal_size(999'600) == "1MB");
  CHECK(decimal_size(123'456'789) == "123MB");
}

TEST_CASE("a template names fields, and functions of them", "[images]") {
  const Json json = {{"Name", "Box"}, {"List", {"a", "b"}}, {"Map", {{"k", "v"}}}, {"No", nullptr}, {"N", 7}};
  CHECK(formatted("{{.Name}}:{{ .N }}", json) == "Box:7");
  CHECK(formatted("{{.List}} {{.Map}} {{.No}}", json) == "[a b] map[k:v] <nil>");
  CHECK(formatted("{{json .List}}{{json .No}}", json) == R"(["a","b"]null)");
  CHECK(formatted(R"({{join .List ", "}})", json) == "a, b");
  CHECK(formatted(R"({{index .List 1}}{{index .Map "k"}})", json) == "bv");
  CHECK(formatted("{{len .List}}{{len .Name}}{{lower .Name}}{{upper .Name}}", json) == "23boxBOX");
  CHECK(formatted("{{range .List}}<{{.}}>{{end}}", json) == "<a><b>");
  CHECK(formatted("{{range .List}}{{println .}}{{end}}", json) == "a\nb\n");
  CHECK(formatted("a\\tb\\n", json) == "a\tb\n");
  CHECK(formatted("plain", json) == "plain");
}

TEST_CASE("a template that means nothing is refused with its place", "[images]") {
  const Json json = {{"Name", "box"}, {"List", {"a"}}};
  const auto refused = [&](const std::string& format) {
    return refusal([&] { static_cast<void>(formatted(format, json)); });
  };
  CHECK(contains(refused("{{.Nme}}"), "there is no field Nme; there are .Name .List"));
  CHECK(contains(refused("{{.Name.More}}"), "there is no field More"));
  CHECK(contains(refused("{{.Name"), "`{{` without its `}}`"));
  CHECK(contains(refused("{{}}"), "nothing between the braces"));
  CHECK(contains(refused("{{end}}"), "`end` without a `range`"));
  CHECK(contains(refused("{{range .List}}"), "`range` without its `end`"));
  CHECK(contains(refused("{{index .List 5}}"), "there is no element 5"));
  CHECK(contains(refused("{{join .List}}"), "known are json, join"));
  CHECK(contains(refused("{{exec .Name}}"), "'exec': known are"));
  CHECK(contains(refused("{{json \"x}}"), "a string has no end"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{{range .List}}";
  CHECK(contains(refused(deep), "too many ranges"));
}

TEST_CASE("what an image says of itself does not steer the terminal", "[images][security]") {
  CHECK(formatted("{{.A}}", {{"A", "\x1b[31mred"}}) == "\\x1b[31mred");
  CHECK(formatted("{{json .A}}", {{"A", "\x1b[31m"}}) == "\"\\u001b[31m\"");
}

TEST_CASE("a table is as wide as what stands in it", "[images]") {
  Listing listing{.columns = {{"A", "FIRST"}, {"B", "SECOND", false}, {"C", "THIRD"}}};
  listing.rows = {{{"A", "a rather long one"}, {"B", "b"}, {"C", "c"}}, {{"A", "ä"}, {"B", "2"}, {"C", "3"}}};
  CHECK(listed(listing, "") == "FIRST               THIRD\na rather long one   c\nä                   3\n");
  CHECK(listed(listing, "table {{.B}}\\t{{.C}}") == "SECOND    THIRD\nb         c\n2         3\n");
  CHECK(listed(listing, "{{.C}}{{.B}}") == "cb\n32\n");
  CHECK(contains(listed(listing, "json"), R"({"A":"a rather long one","B":"b","C":"c"})"));
  listing.rows.clear();
  CHECK(listed(listing, "table") == "FIRST     THIRD\n");
  CHECK(listed(listing, "json").empty());
}

TEST_CASE("lines of a Dockerfile change a config", "[images]") {
  RunConfig config;
  for (const char* const line :
       {"CMD [\"a\", \"b c\"]", "entrypoint exec me", "ENV A=1 B=\"x y\" C='p\"q'", "ENV D e f", "ENV A=2",
        "EXPOSE 80 53/udp", "LABEL k=v", "LABEL \"a b\"=c", "STOPSIGNAL SIGINT", "USER me:us",
        "VOLUME [\"/a\", \"/b c\"]", "VOLUME /d /e", "WORKDIR /x", "WORKDIR y/z"})
    apply_change(config, line);
  CHECK(config.cmd == std::vector<std::string>{"a", "b c"});
  CHECK(config.entrypoint == std::vector<std::string>{"/bin/sh", "-c", "exec me"});
  CHECK(config.env == std::vector<std::string>{"A=2", "B=x y", "C=p\"q", "D=e f"});
  CHECK(config.exposed_ports == std::set<std::string>{"53/udp", "80/tcp"});
  CHECK(config.labels == std::map<std::string, std::string>{{"a b", "c"}, {"k", "v"}});
  CHECK(config.stop_signal == "SIGINT");
  CHECK(config.user == "me:us");
  CHECK(config.volumes == std::set<std::string>{"/a", "/b c", "/d", "/e"});
  CHECK(config.working_dir == "/x/y/z");
  CHECK(contains(refusal([&] { apply_change(config, "RUN x"); }), "--change 'RUN x': one of CMD, "));
  CHECK(contains(refusal([&] { apply_change(config, "EXPOSE 0"); }), "a port is a number"));
  CHECK(contains(refusal([&] { apply_change(config, "ENV A"); }), "NAME=VALUE is expected"));
}

TEST_CASE("an image and a command line agree on what to run", "[images]") {
  RunConfig config;
  config.entrypoint = {"entry"};
  config.cmd = {"cmd"};
  config.env = {"A=1"};
  config.user = "app";
  config.working_dir = "/srv";
  using Words = std::vector<std::string>;
  CHECK(with_config({}, config).command == Words{"entry", "cmd"});
  CHECK(with_config({.command = {"x"}}, config).command == Words{"entry", "x"});
  CHECK(with_config({.entrypoint = "new"}, config).command == Words{"new"});
  CHECK(with_config({.command = {"x"}, .entrypoint = ""}, config).command == Words{"x"});
  CHECK(refusal([&] { static_cast<void>(with_config({.entrypoint = ""}, config)); }) ==
        "no command specified");
  const Spec spec = with_config({.environment = {"A=2"}}, config);
  CHECK(spec.environment == Words{"A=1", "A=2"});
  CHECK(spec.user == "app");
  CHECK(spec.workdir == "/srv");
  CHECK(with_config({.workdir = "/w", .user = "5"}, config).user == "5");
  CHECK(with_config({.workdir = "/w"}, config).workdir == "/w");
}

TEST_CASE("volumes of an image are places that nothing else is mounted on", "[images][security]") {
  RunConfig config;
  config.volumes = {"/data/", "/more"};
  CHECK(undecided_volumes({}, config) == std::vector<std::string>{"/data", "/more"});
  CHECK(undecided_volumes({.mounts = {{.source = "/x", .target = "/data"}}}, config) ==
        std::vector<std::string>{"/more"});
  for (const char* const bad : {"/", "data", "//", ""}) {
    CAPTURE(bad);
    config.volumes = {bad};
    CHECK(
        contains(refusal([&] { static_cast<void>(undecided_volumes({}, config)); }), "not a place for one"));
  }
}

TEST_CASE("images that begin with the same layers share a branch", "[images]") {
  const auto tree = image_tree({{"one:1", {layer("base", 100), layer("one", 50)}},
                                {"two:2", {layer("base", 100), layer("two", 25)}},
                                {"base:latest", {layer("base", 100)}},
                                {"other:1", {layer("one", 50)}},
                                {"void", {}}});
  REQUIRE(tree.size() == 2);
  CHECK(tree[0].images == std::vector<std::string>{"base:latest"});
  REQUIRE(tree[0].above.size() == 2);
  CHECK(tree[0].above[1].images == std::vector<std::string>{"two:2"});
  const std::string drawn = draw(tree, {.columns = 60, .unicode = false});
  CHECK(contains(drawn, "4 images of 4 layers: 225B (425B if nothing were shared)"));
  CHECK(contains(drawn, "|- " + std::string{Digest::of("one").short_hex()}));
  CHECK(contains(drawn, "`- " + std::string{Digest::of("two").short_hex()}));
  const Json json = tree_json(tree);
  CHECK(json[0]["Above"][0]["Images"][0] == "one:1");
}
