#include "chapters/06-users/accounts.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "chapters/06-users/ids.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

std::vector<std::string_view> split(std::string_view text,
                                    char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// Calls `use` with the fields of each row that has at least `least`.
template <typename Use>
void each_row(std::string_view text, std::size_t least,
              const Use& use) {
  for (const std::string_view line : split(text, '\n'))
    if (const auto fields = split(line, ':');
        fields.size() >= least && !line.starts_with('#'))
      use(fields);
}

}  // namespace

std::vector<Account> parse_passwd(std::string_view text) {
  std::vector<Account> accounts;
  each_row(text, 6, [&](const auto& fields) {
    const auto user = parse_id(fields[2]);
    const auto group = parse_id(fields[3]);
    if (user && group)
      accounts.push_back({std::string{fields[0]}, *user, *group,
                          std::string{fields[5]}});
  });
  return accounts;
}

std::vector<GroupEntry> parse_group(std::string_view text) {
  std::vector<GroupEntry> groups;
  each_row(text, 4, [&](const auto& fields) {
    const auto number = parse_id(fields[2]);
    if (!number) return;
    GroupEntry group{std::string{fields[0]}, *number};
    for (const std::string_view member : split(fields[3], ','))
      group.members.emplace_back(member);
    groups.push_back(std::move(group));
  });
  return groups;
}

std::vector<IdRange> parse_subordinate(std::string_view text,
                                       std::string_view name,
                                       std::uint32_t user) {
  std::vector<IdRange> ranges;
  each_row(text, 3, [&](const auto& fields) {
    const auto first = parse_id(fields[1]);
    const auto count = parse_id(fields[2]);
    const bool ours = (!name.empty() && fields[0] == name) ||
                      parse_id(fields[0]) == user;
    if (ours && first && count && *count > 0)
      ranges.push_back({.outside = *first, .count = *count});
  });
  return ranges;
}

std::string read_small_file(const UniqueFd& file,
                            std::string_view name) {
  struct stat status {};
  check(::fstat(file.get(), &status), "look at {}", name);
  if (!S_ISREG(status.st_mode))
    throw Failure{fmt::format("{} is no regular file", name)};
  std::string text(kMostBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got =
        check(retry([&] {
                return ::read(file.get(), text.data() + size,
                              text.size() - size);
              }),
              "read {}", name);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kMostBytes)
    throw Failure{
        fmt::format("{} is larger than a mebibyte: no list of accounts "
                    "is that long",
                    name)};
  text.resize(size);
  return text;
}

}  // namespace dockwright
