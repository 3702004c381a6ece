#include "chapters/06-users/ids.hpp"

#include <algorithm>
#include <charconv>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kMostRows = 340;  // UID_GID_MAP_MAX_EXTENTS

[[noreturn]] void refuse(std::string_view what,
                         const std::string& reason) {
  throw Failure{
      fmt::format("the map of {} cannot be used: {}", what, reason),
      Advice{.cure = "a row is INSIDE:OUTSIDE:COUNT, and no number may "
                     "stand in two",
             .chapter = 6,
             .anchor = "ch06-map"}};
}

std::string words(const IdRange& row) {
  return fmt::format("{}:{}:{}", row.inside, row.outside, row.count);
}

bool overlap(std::uint64_t a, std::uint64_t a_count, std::uint64_t b,
             std::uint64_t b_count) {
  return a < b + b_count && b < a + a_count;
}

}  // namespace

//! [parse_id]
std::optional<std::uint32_t> parse_id(std::string_view text) noexcept {
  std::uint32_t id = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id);
  if (error != std::errc{} || stop != end || id == kNoId)
    return std::nullopt;
  return id;
}
//! [parse_id]

IdRange parse_id_range(std::string_view option,
                       const std::string& text) {
  std::vector<std::optional<std::uint32_t>> numbers;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end =
        std::min(text.find(':', begin), text.size());
    numbers.push_back(
        parse_id(std::string_view{text}.substr(begin, end - begin)));
    begin = end + 1;
  }
  if (numbers.size() == 2) numbers.emplace_back(1);
  if (numbers.size() != 3 || !numbers[0] || !numbers[1] || !numbers[2])
    throw Failure{fmt::format(
        "invalid {} '{}': it is written INSIDE:OUTSIDE[:COUNT], three "
        "numbers below {}",
        option, text, kNoId)};
  return {*numbers[0], *numbers[1], *numbers[2]};
}

void check_id_map(std::string_view what,
                  const std::vector<IdRange>& map) {
  if (map.empty()) refuse(what, "it is empty");
  if (map.size() > kMostRows)
    refuse(what, fmt::format("{} rows, and the kernel takes {}",
                             map.size(), kMostRows));
  for (auto row = map.begin(); row != map.end(); ++row) {
    if (row->count == 0) refuse(what, words(*row) + " maps nothing");
    if (std::uint64_t{std::max(row->inside, row->outside)} +
            row->count >
        kNoId)
      refuse(what, words(*row) + " runs over the last number");
    for (auto other = map.begin(); other != row; ++other) {
      const bool inside =
          overlap(row->inside, row->count, other->inside, other->count);
      if (inside || overlap(row->outside, row->count, other->outside,
                            other->count))
        refuse(what,
               fmt::format("{} and {} overlap {}", words(*other),
                           words(*row), inside ? "inside" : "outside"));
    }
  }
}

bool maps_id(const std::vector<IdRange>& map,
             std::uint32_t inside) noexcept {
  return std::any_of(
      map.begin(), map.end(), [inside](const IdRange& row) {
        return inside >= row.inside && inside - row.inside < row.count;
      });
}

std::string id_map_text(const std::vector<IdRange>& map) {
  std::string text;
  for (const IdRange& row : map)
    text +=
        fmt::format("{} {} {}\n", row.inside, row.outside, row.count);
  return text;
}

}  // namespace dockwright
