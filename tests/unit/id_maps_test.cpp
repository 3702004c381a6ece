// Which number inside is which outside: maps that are read, refused, and chosen for callers that this machine
// does not have.

#include "chapters/06-users/id_maps.hpp"

#include <cstdint>

#include "chapters/06-users/ids.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

using Ranges = std::vector<IdRange>;

/// The message of the Failure that `action` ends with; empty when it ends well.
template <typename Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return {};
}

std::string map_refusal(const Ranges& map) {
  return refusal([&] { check_id_map("users", map); });
}

/// A user without root, for whom 65536 numbers are set aside.
Caller with_ranges() {
  return {.user = 1000,
          .group = 1001,
          .more_users = {{.outside = 100'000, .count = 65'536}},
          .more_groups = {{.outside = 200'000, .count = 65'536}},
          .helpers = true};
}

}  // namespace

TEST_CASE("a number of a user is digits and below the one that means nobody", "[users]") {
  CHECK(parse_id("0") == 0U);
  CHECK(parse_id("1000") == 1000U);
  CHECK(parse_id("4294967294") == 4'294'967'294U);
  for (const char* const text : {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "4294967295", "4294967296",
                                 "99999999999999999999", "web"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_id(text));
  }
}

TEST_CASE("a row of a map is two or three numbers", "[users]") {
  CHECK(parse_id_range("--uidmap", "0:100000:65536") == IdRange{0, 100'000, 65'536});
  CHECK(parse_id_range("--uidmap", "5:1000") == IdRange{5, 1000, 1});
  for (const char* const text :
       {"", "0", "0:", ":", "0:1:2:3", "0:1:", "a:b:c", "0:-1:1", "0:1:4294967296", "0 1 1"}) {
    CAPTURE(text);
    CHECK(contains(refusal([&] { (void)parse_id_range("--uidmap", text); }),
                   "it is written INSIDE:OUTSIDE[:COUNT]"));
  }
}

TEST_CASE("a map that the kernel would refuse is refused before, with the reason", "[users]") {
  CHECK(map_refusal({{0, 1000, 1}, {1, 100'000, 65'536}}).empty());
  CHECK(contains(map_refusal({}), "the map of users cannot be used: it is empty"));
  CHECK(contains(map_refusal({{0, 1000, 0}}), "0:1000:0 maps nothing"));
  CHECK(contains(map_refusal({{0, 0, 10}, {9, 100, 1}}), "0:0:10 and 9:100:1 overlap inside"));
  CHECK(contains(map_refusal({{0, 100, 10}, {20, 109, 1}}), "overlap outside"));
  CHECK(contains(map_refusal({{0, 4'294'967'290, 6}}), "runs over the last number"));
  CHECK(map_refusal({{0, 4'294'967'290, 5}}).empty());
}

TEST_CASE("the kernel takes 340 rows and no more", "[users]") {
  Ranges map;
  for (std::uint32_t row = 0; row < 340; ++row) map.push_back({row, 1000 + row, 1});
  CHECK(map_refusal(map).empty());
  map.push_back({340, 1340, 1});
  CHECK(contains(map_refusal(map), "341 rows"));
}

TEST_CASE("what stands in no row does not exist", "[users]") {
  const Ranges map = {{0, 1000, 1}, {10, 100'000, 5}};
  CHECK(maps_id(map, 0));
  CHECK_FALSE(maps_id(map, 1));
  CHECK_FALSE(maps_id(map, 9));
  CHECK(maps_id(map, 10));
  CHECK(maps_id(map, 14));
  CHECK_FALSE(maps_id(map, 15));
  CHECK(id_map_text(map) == "0 1000 1\n10 100000 5\n");
}

TEST_CASE("as root the numbers are the host's unless somebody asks", "[users]") {
  CHECK(choose_id_maps({}, {}) == IdMaps{});
}

TEST_CASE("as root a map of its own begins at 0 in what is set aside", "[users]") {
  const Caller root{.more_users = {{0, 5'000'000, 10}, {0, 7'000'000, 20}},
                    .more_groups = {{0, 6'000'000, 30}}};
  const IdMaps maps = choose_id_maps({.user_numbers = UserNumbers::own}, root);
  CHECK(maps.way == IdMaps::Way::parent);
  CHECK(maps.users == Ranges{{0, 5'000'000, 10}, {10, 7'000'000, 20}});
  CHECK(maps.groups == Ranges{{0, 6'000'000, 30}});
}

TEST_CASE("without root and helpers there is one number, and it is root", "[users]") {
  Caller caller = with_ranges();
  caller.helpers = false;
  const IdMaps maps = choose_id_maps({.user_numbers = UserNumbers::own}, caller);
  CHECK(maps.way == IdMaps::Way::alone);
  CHECK(maps.users == Ranges{{0, 1000, 1}});
  CHECK(maps.groups == Ranges{{0, 1001, 1}});
}

TEST_CASE("helpers without a range for groups are of no use", "[users]") {
  Caller caller = with_ranges();
  caller.more_groups.clear();
  CHECK(choose_id_maps({.user_numbers = UserNumbers::own}, caller).way == IdMaps::Way::alone);
}

TEST_CASE("without root, what is set aside stands behind root", "[users]") {
  const IdMaps maps = choose_id_maps({.user_numbers = UserNumbers::own}, with_ranges());
  CHECK(maps.way == IdMaps::Way::helpers);
  CHECK(maps.users == Ranges{{0, 1000, 1}, {1, 100'000, 65'536}});
  CHECK(maps.groups == Ranges{{0, 1001, 1}, {1, 200'000, 65'536}});
  CHECK(maps.own_user == 0);
}

TEST_CASE("keep-id lays the numbers around one's own", "[users]") {
  const IdMaps maps = choose_id_maps({.user_numbers = UserNumbers::keep_id}, with_ranges());
  CHECK(maps.users == Ranges{{0, 100'000, 1000}, {1000, 1000, 1}, {1001, 101'000, 64'536}});
  CHECK(maps.own_user == 1000);
  CHECK(maps.own_group == 1001);
  Caller poor = with_ranges();
  poor.helpers = false;
  CHECK(choose_id_maps({.user_numbers = UserNumbers::keep_id}, poor).users == Ranges{{1000, 1000, 1}});
}

TEST_CASE("keep-id with fewer numbers than one's own leaves a gap", "[users]") {
  Caller caller = with_ranges();
  caller.more_users = {{.outside = 100'000, .count = 10}};
  CHECK(choose_id_maps({.user_numbers = UserNumbers::keep_id}, caller).users ==
        Ranges{{0, 100'000, 10}, {1000, 1000, 1}});
}

TEST_CASE("a map that was given is taken, and one serves for both", "[users]") {
  const Ranges map = {{0, 1000, 1}, {1, 100'000, 9}};
  const IdMaps maps = choose_id_maps({.uid_map = map}, with_ranges());
  CHECK(maps.way == IdMaps::Way::helpers);
  CHECK(maps.users == map);
  CHECK(maps.groups == map);
  CHECK(choose_id_maps({.gid_map = map}, Caller{}).way == IdMaps::Way::parent);
  CHECK(choose_id_maps({.uid_map = {{5, 1000, 1}}, .gid_map = {{5, 1001, 1}}}, with_ranges()).way ==
        IdMaps::Way::alone);
}

TEST_CASE("maps that cannot be are refused with the reason", "[users]") {
  const auto said = [](const Spec& spec, const Caller& caller) {
    return refusal([&] { (void)choose_id_maps(spec, caller); });
  };
  Caller poor = with_ranges();
  poor.helpers = false;
  CHECK(contains(said({}, poor), "--userns host needs root"));
  CHECK(contains(said({.user_numbers = UserNumbers::keep_id}, Caller{}), "as root use --userns private"));
  CHECK(contains(said({.uid_map = {{0, 1000, 2}}}, poor), "needs newuidmap and newgidmap"));
  CHECK(contains(said({.uid_map = {{1, 1000, 2}}}, Caller{}), "no row for 0"));
  CHECK(contains(said({.uid_map = {{0, 0, 2}, {1, 5, 1}}}, Caller{}), "overlap inside"));
  CHECK(contains(said({.user_numbers = UserNumbers::own}, Caller{}), "it is empty"));
}
