#include "chapters/06-users/user.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "chapters/06-users/accounts.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/sys_user.hpp"

namespace dockwright {

namespace {

/// A file of the container; none is as good as an empty one.
std::string read_in_root(const UniqueFd& root, const char* path) {
  // Without O_NONBLOCK a named pipe would keep us waiting for ever.
  const auto file = try_open_in_root(root, path, O_RDONLY | O_NONBLOCK);
  return file ? read_small_file(*file, path) : std::string{};
}

/// The row that `text` means: a number wins over a name like it.
template <typename Row, typename Number>
const Row* find_row(const std::vector<Row>& rows, std::string_view text,
                    Number Row::*number) {
  const auto id = parse_id(text);
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
        return id ? row.*number == *id : row.name == text;
      });
  return found == rows.end() ? nullptr : &*found;
}

std::uint32_t find_group(const std::vector<GroupEntry>& groups,
                         const std::string& text) {
  if (const auto* row = find_row(groups, text, &GroupEntry::number))
    return row->number;
  if (const auto id = parse_id(text)) return *id;
  throw Failure{fmt::format(
      "unable to find group {}: no matching entries in group file",
      text)};
}

/// Fills in who `text` (`NAME`, `UID`) is; the user's name, if there is
/// one, is given back.
std::string find_account(const UniqueFd& root, const std::string& text,
                         User& user) {
  const std::vector<Account> accounts =
      parse_passwd(read_in_root(root, "/etc/passwd"));
  if (const auto* row = find_row(accounts, text, &Account::user)) {
    user.user = row->user;
    user.group = row->group;
    user.home = row->home;
    return row->name;
  }
  const auto id = parse_id(text);
  if (!id)
    throw Failure{
        fmt::format("unable to find user {}: no matching entries in "
                    "passwd file",
                    text),
        Advice{.cause = "--user names somebody of the container, and "
                        "its /etc/passwd does not know them",
               .cure = "look with `cat ROOTFS/etc/passwd`; a number "
                       "needs no entry there",
               .chapter = 6,
               .anchor = "ch06-user"}};
  user.user = *id;
  return {};
}

void need_mapped(const std::vector<IdRange>& map, const char* what,
                 std::uint32_t id) {
  if (map.empty() || maps_id(map, id)) return;
  throw Failure{
      fmt::format("{} {} does not exist in the container's user "
                  "namespace",
                  what, id),
      Advice{.cause = "its map has no row for that number; without "
                      "root, and without a range in /etc/subuid and "
                      "/etc/subgid, it has one number only",
             .cure = "install uidmap and have a range set aside for "
                     "you: sudo usermod --add-subuids 100000-165535 "
                     "--add-subgids 100000-165535 $USER",
             .chapter = 6,
             .anchor = "ch06-ranges"}};
}

void check_mapped(const User& user, const IdMaps& maps) {
  need_mapped(maps.users, "user", user.user);
  need_mapped(maps.groups, "group", user.group);
  for (const std::uint32_t group : user.more_groups)
    need_mapped(maps.groups, "group", group);
  if (maps.way == IdMaps::Way::alone && !user.more_groups.empty())
    throw Failure{
        "without newgidmap a container cannot have more groups: the "
        "kernel forbids it to whoever maps a group alone",
        Advice{.cure = "install Debian's package uidmap",
               .chapter = 6,
               .anchor = "ch06-ranges"}};
}

}  // namespace

//! [find_user]
User find_user(const UniqueFd& root, const Spec& spec,
               const IdMaps& maps) {
  User user{.user = maps.own_user, .group = maps.own_group};
  if (spec.user.empty() && spec.more_groups.empty()) return user;
  because("names are those of the container: its own files are read");
  const std::size_t colon =
      std::min(spec.user.find(':'), spec.user.size());
  const bool has_group = colon < spec.user.size();
  const std::vector<GroupEntry> groups =
      parse_group(read_in_root(root, "/etc/group"));
  std::string name;
  if (!spec.user.empty())
    name = find_account(root, spec.user.substr(0, colon), user);
  //! [ex6.3]
  if (has_group) {
    user.group = find_group(groups, spec.user.substr(colon + 1));
  } else if (!name.empty()) {
    for (const GroupEntry& group : groups)
      if (std::count(group.members.begin(), group.members.end(), name))
        user.more_groups.push_back(group.number);
  }
  //! [ex6.3]
  // Nobody asked for these by name, and alone the kernel sets none.
  if (maps.way == IdMaps::Way::alone) user.more_groups.clear();
  for (const std::string& group : spec.more_groups)
    user.more_groups.push_back(find_group(groups, group));
  check_mapped(user, maps);
  return user;
}
//! [find_user]

//! [become]
void become(const User& user, const Spec& spec, const IdMaps& maps) {
  because("groups, group, user: the last one gives the power away");
  if (spec.tty && user.user != 0)
    sys::fchown(STDIN_FILENO, user.user, "the terminal");
  //! [ex6.4]
  if (maps.way != IdMaps::Way::alone) sys::setgroups(user.more_groups);
  sys::setresgid(user.group);
  sys::setresuid(user.user);
  //! [ex6.4]
}
//! [become]

Spec at_home(const User& user, const Spec& spec) {
  Spec result = spec;
  if (!user.home.empty())
    result.environment.insert(result.environment.begin(),
                              "HOME=" + user.home);
  return result;
}

}  // namespace dockwright
