#pragma once
// Numbers of users and groups, and which are which. A user namespace is
// a table: `count` numbers from `inside` on are, outside, those from
// `outside` on. What stands in no row does not exist inside.
//
//     0   1000   1      root inside is user 1000 outside
//     1 100000 65536    1 to 65536 are 100000 to 165535

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/spec.hpp"

namespace dockwright {

/// What the kernel means by "no such user": -1, never a number.
constexpr std::uint32_t kNoId = 0xFFFF'FFFF;

/// Reads a number of a user or group: digits alone, and below `kNoId`.
[[nodiscard]] std::optional<std::uint32_t> parse_id(
    std::string_view text) noexcept;

/// Reads `INSIDE:OUTSIDE[:COUNT]`; `option` is what a message calls it.
/// @throws Failure
[[nodiscard]] IdRange parse_id_range(std::string_view option,
                                     const std::string& text);

/// Refuses a map that the kernel would refuse, with what is wrong:
/// nothing in it, too many rows, an empty row, numbers that run over
/// the end, two rows that overlap. @man{user_namespaces,7}
/// @throws Failure
void check_id_map(std::string_view what,
                  const std::vector<IdRange>& map);

/// Whether the number exists inside a namespace with this map.
[[nodiscard]] bool maps_id(const std::vector<IdRange>& map,
                           std::uint32_t inside) noexcept;

/// The map as the kernel reads it: a line for each row.
[[nodiscard]] std::string id_map_text(const std::vector<IdRange>& map);

/// Who is who in a namespace: one map for users, one for groups.
struct IdMaps {
  /// How they come into force.
  enum class Way {
    none,     ///< No new namespace: the numbers of the host.
    alone,    ///< Without root, our own number and no other.
    helpers,  ///< Without root, by newuidmap and newgidmap.
    parent,   ///< As root: we write them for the container.
  };
  Way way = Way::none;
  std::vector<IdRange> users{};
  std::vector<IdRange> groups{};
  std::uint32_t own_user = 0;   ///< Who started us, as the container
  std::uint32_t own_group = 0;  ///< numbers them.
  bool operator==(const IdMaps&) const = default;
};

}  // namespace dockwright
