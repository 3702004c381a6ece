#include "chapters/11-dockerfile/copy/owner.hpp"

#include <fcntl.h>

#include <algorithm>

#include "chapters/06-users/accounts.hpp"
#include "chapters/06-users/ids.hpp"
#include "common/check.hpp"
#include "common/open_in_root.hpp"

namespace dockwright {

namespace {

/// A file of the image; none is as good as an empty one.
std::string read_in_image(const UniqueFd& root, const char* path) {
  // Without O_NONBLOCK a named pipe would keep us waiting for ever.
  const auto file = try_open_in_root(root, path, O_RDONLY | O_NONBLOCK);
  return file ? read_small_file(*file, path) : std::string{};
}

template <typename Row>
const Row* find_named(const std::vector<Row>& rows,
                      std::string_view name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(),
                   [&](const Row& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

std::uint32_t find_group(const UniqueFd& root,
                         const std::string& text) {
  if (const auto id = parse_id(text)) return *id;
  const auto rows = parse_group(read_in_image(root, "/etc/group"));
  if (const auto* const row = find_named(rows, text))
    return row->number;
  throw Failure{fmt::format(
      "unable to find group {}: no matching entries in group file",
      text)};
}

Owner find_user(const UniqueFd& root, const std::string& text) {
  if (const auto id = parse_id(text)) return {*id, *id};
  const auto rows = parse_passwd(read_in_image(root, "/etc/passwd"));
  if (const auto* const row = find_named(rows, text))
    return {row->user, row->group};
  throw Failure{fmt::format(
      "unable to find user {}: no matching entries in passwd file",
      text)};
}

}  // namespace

Owner find_owner(const UniqueFd& root, const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string user = text.substr(0, colon);
  const std::string group =
      colon == std::string::npos ? "" : text.substr(colon + 1);
  if (user.empty() && group.empty())
    throw Failure{fmt::format("invalid chown parameter: '{}'", text)};
  Owner owner;
  if (!user.empty()) owner = find_user(root, user);
  if (!group.empty()) owner.group = find_group(root, group);
  return owner;
}

}  // namespace dockwright
