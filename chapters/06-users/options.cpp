#include "chapters/06-users/options.hpp"

#include <unistd.h>

#include <algorithm>

#include "chapters/06-users/ids.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

UserNumbers parse_numbers(const std::string& text) {
  if (text == "host") return UserNumbers::host;
  if (text == "private" || text == "auto") return UserNumbers::own;
  if (text == "keep-id") return UserNumbers::keep_id;
  throw Failure{
      fmt::format("--userns {}: it is host, private or keep-id", text)};
}

/// One side of `--user`. A number that is out of range must not be
/// taken for a name.
void check_part(const std::string& text, std::string_view part) {
  const bool digits =
      part.find_first_not_of("0123456789") == std::string_view::npos;
  if (part.empty() || part.front() == '-' ||
      part.find(':') != std::string_view::npos)
    throw Failure{fmt::format(
        "--user '{}': write it as NAME, UID, NAME:GROUP or UID:GID",
        text)};
  if (digits && !parse_id(part))
    throw Failure{
        fmt::format("--user {}: uids and gids must be in range 0-{}",
                    text, kNoId - 1)};
}

/// Reads `NAME|UID[:GROUP|GID]`. Whether there is such a user is seen
/// later, in the container's files.
std::string parse_user(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view whole = text;
  check_part(text, whole.substr(0, colon));
  if (colon < text.size()) check_part(text, whole.substr(colon + 1));
  return text;
}

}  // namespace

void user_options(cli::Options& options, Spec& spec) {
  // Without root there is no other way than a user namespace.
  if (::geteuid() != 0) spec.user_numbers = UserNumbers::own;
  options.each(
      "--userns",
      [&spec](const std::string& text) {
        spec.user_numbers = parse_numbers(text);
      },
      "host|private|keep-id",
      "Whose user numbers it has (default: as root the host's)");
  options.each(
      "--uidmap",
      [&spec](const std::string& text) {
        spec.uid_map.push_back(parse_id_range("--uidmap", text));
      },
      "IN:OUT[:COUNT]", "Which users inside are which outside");
  options.each(
      "--gidmap",
      [&spec](const std::string& text) {
        spec.gid_map.push_back(parse_id_range("--gidmap", text));
      },
      "IN:OUT[:COUNT]", "The same for groups");
  options.each(
      "-u,--user",
      [&spec](const std::string& text) {
        spec.user = parse_user(text);
      },
      "NAME|UID[:GROUP]", "Whom the command runs as");
  options.each(
      "--group-add",
      [&spec](const std::string& text) {
        if (text.empty())
          throw Failure{"--group-add: the name of the group is empty"};
        spec.more_groups.push_back(text);
      },
      "GROUP", "One more group that it is in");
}

}  // namespace dockwright
