#include "chapters/06-users/id_maps.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "chapters/06-users/accounts.hpp"
#include "chapters/06-users/user_namespace.hpp"
#include "common/check.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

/// Where nothing is set aside for root: numbers that systemd leaves
/// unused, too (https://systemd.io/UIDS-GIDS).
constexpr IdRange kUnused{.outside = 0x7000'0000, .count = 65'536};

/// A file of the host that may be missing.
std::string read_if_there(const char* path) {
  const UniqueFd file{::open(path, O_RDONLY | O_CLOEXEC)};
  return file ? read_small_file(file, path) : std::string{};
}

std::string name_of(std::uint32_t user) {
  for (const Account& account :
       parse_passwd(read_if_there("/etc/passwd")))
    if (account.user == user) return account.name;
  return {};
}

/// Root's range, or the one that is set aside for containers.
std::vector<IdRange> for_root(const char* path) {
  const std::string text = read_if_there(path);
  for (const char* const name : {"containers", "root"})
    if (auto ranges = parse_subordinate(text, name, kNoId);
        !ranges.empty())
      return ranges;
  return {kUnused};
}

/// Lays ranges of the host side by side, from the number `inside` on.
void lay_out(std::vector<IdRange>& map, std::uint32_t inside,
             const std::vector<IdRange>& ranges) {
  //! [ex6.1]
  for (const IdRange& range : ranges) {
    map.push_back({inside, range.outside, range.count});
    inside += range.count;
  }
  //! [ex6.1]
}

/// The first `count` numbers of `ranges`, taken away from there.
std::vector<IdRange> take(std::vector<IdRange>& ranges,
                          std::uint32_t count) {
  std::vector<IdRange> taken;
  while (count > 0 && !ranges.empty()) {
    IdRange& first = ranges.front();
    const std::uint32_t part = std::min(count, first.count);
    taken.push_back({.outside = first.outside, .count = part});
    first.outside += part;
    first.count -= part;
    count -= part;
    if (first.count == 0) ranges.erase(ranges.begin());
  }
  return taken;
}

/// Without root: our own number is `own` inside, and what was set aside
/// for us fills the numbers around it.
//! [map_for]
std::vector<IdRange> map_for(std::uint32_t own, std::uint32_t outside,
                             std::vector<IdRange> more) {
  std::vector<IdRange> map;
  const std::vector<IdRange> below = take(more, own);
  lay_out(map, 0, below);
  map.push_back({own, outside, 1});
  lay_out(map, own + 1, more);
  return map;
}
//! [map_for]

bool was_given(const Spec& spec) {
  return !spec.uid_map.empty() || !spec.gid_map.empty();
}

/// Whether the kernel lets a user write this map alone.
bool is_own_number(const std::vector<IdRange>& map, std::uint32_t own) {
  return map.size() == 1 && map[0].outside == own && map[0].count == 1;
}

IdMaps given_maps(const Spec& spec, const Caller& caller) {
  IdMaps maps{.users = spec.uid_map, .groups = spec.gid_map};
  // As with Podman, one map serves for both.
  if (maps.users.empty()) maps.users = maps.groups;
  if (maps.groups.empty()) maps.groups = maps.users;
  const bool alone = is_own_number(maps.users, caller.user) &&
                     is_own_number(maps.groups, caller.group);
  maps.way = caller.user == 0 ? IdMaps::Way::parent
             : alone          ? IdMaps::Way::alone
                              : IdMaps::Way::helpers;
  return maps;
}

IdMaps maps_for_root(const Spec& spec, const Caller& caller) {
  if (spec.user_numbers == UserNumbers::keep_id)
    throw Failure{
        "--userns keep-id keeps the number of a user without root; as "
        "root use --userns private"};
  IdMaps maps{.way = IdMaps::Way::parent};
  lay_out(maps.users, 0, caller.more_users);
  lay_out(maps.groups, 0, caller.more_groups);
  return maps;
}

IdMaps maps_without_root(const Spec& spec, const Caller& caller) {
  const bool keep = spec.user_numbers == UserNumbers::keep_id;
  const bool more = caller.helpers && !caller.more_users.empty() &&
                    !caller.more_groups.empty();
  IdMaps maps{.way = more ? IdMaps::Way::helpers : IdMaps::Way::alone};
  if (keep) {
    maps.own_user = caller.user;
    maps.own_group = caller.group;
  }
  using Ranges = std::vector<IdRange>;
  maps.users = map_for(maps.own_user, caller.user,
                       more ? caller.more_users : Ranges{});
  maps.groups = map_for(maps.own_group, caller.group,
                        more ? caller.more_groups : Ranges{});
  return maps;
}

void need_helpers(const Caller& caller) {
  if (!caller.helpers)
    throw Failure{
        "a map of more than your own number needs newuidmap and "
        "newgidmap, and they are not here",
        Advice{.cause = "without root the kernel lets you map one "
                        "number; these two programs may map those that "
                        "/etc/subuid and /etc/subgid set aside for you",
               .cure = "install Debian's package uidmap",
               .chapter = 6,
               .anchor = "ch06-ranges"}};
}

}  // namespace

Caller find_caller(const Spec& spec) {
  Caller caller{.user = ::geteuid(), .group = ::getegid()};
  if (spec.user_numbers == UserNumbers::host && !was_given(spec))
    return caller;
  if (caller.user == 0) {
    caller.more_users = for_root("/etc/subuid");
    caller.more_groups = for_root("/etc/subgid");
    return caller;
  }
  caller.helpers = have_map_helpers();
  if (!caller.helpers) return caller;
  const std::string name = name_of(caller.user);
  caller.more_users = parse_subordinate(read_if_there("/etc/subuid"),
                                        name, caller.user);
  caller.more_groups = parse_subordinate(read_if_there("/etc/subgid"),
                                         name, caller.user);
  return caller;
}

IdMaps choose_id_maps(const Spec& spec, const Caller& caller) {
  IdMaps maps;
  if (was_given(spec)) {
    maps = given_maps(spec, caller);
  } else if (spec.user_numbers == UserNumbers::host) {
    if (caller.user == 0) return {};
    throw Failure{
        "--userns host needs root: without it only a user namespace "
        "gives the power to make the others",
        Advice{.cure = "leave the option out, or use sudo",
               .chapter = 6,
               .anchor = "ch06-rootless"}};
  } else {
    maps = caller.user == 0 ? maps_for_root(spec, caller)
                            : maps_without_root(spec, caller);
  }
  check_id_map("users", maps.users);
  check_id_map("groups", maps.groups);
  if (maps.way == IdMaps::Way::helpers) need_helpers(caller);
  if (maps.way == IdMaps::Way::parent &&
      !(maps_id(maps.users, 0) && maps_id(maps.groups, 0)))
    throw Failure{
        "the map has no row for 0: somebody must be root inside, to "
        "furnish the container"};
  return maps;
}

}  // namespace dockwright
