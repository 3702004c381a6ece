#pragma once
// The three text files that say who is who: /etc/passwd, /etc/group,
// and /etc/subuid with its brother /etc/subgid. They are read by us and
// not by the C library: that would ask whatever the *image* configures
// (NSS), load its libraries and run them as root (CVE-2019-14271).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// A row of /etc/passwd. @man{passwd,5}
struct Account {
  std::string name{};
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::string home{};
  bool operator==(const Account&) const = default;
};

/// A row of /etc/group. @man{group,5}
struct GroupEntry {
  std::string name{};
  std::uint32_t number = 0;
  std::vector<std::string> members{};
  bool operator==(const GroupEntry&) const = default;
};

/// The rows that are whole; others are passed over, as everybody does.
[[nodiscard]] std::vector<Account> parse_passwd(std::string_view text);
[[nodiscard]] std::vector<GroupEntry> parse_group(
    std::string_view text);

/// The numbers that /etc/subuid gives to the user called `name`, or
/// numbered `user`; `inside` is left at 0. @man{subuid,5}
[[nodiscard]] std::vector<IdRange> parse_subordinate(
    std::string_view text, std::string_view name, std::uint32_t user);

/// All of a file that should be small: an open regular file of at most
/// a mebibyte. `name` is what messages call it. @throws Failure
[[nodiscard]] std::string read_small_file(const UniqueFd& file,
                                          std::string_view name);

}  // namespace dockwright
