#include "chapters/08-layers/archive_limits.hpp"

#include <array>
#include <limits>

#include "chapters/05-cgroups/quantities.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

struct Row {
  std::string_view name;
  std::uint64_t ArchiveLimits::*limit;
  bool is_size;
};

constexpr std::array kRows = std::to_array<Row>({
    {"bytes", &ArchiveLimits::bytes, true},
    {"file_bytes", &ArchiveLimits::file_bytes, true},
    {"entries", &ArchiveLimits::entries, false},
    {"header_bytes", &ArchiveLimits::header_bytes, true},
    {"path_depth", &ArchiveLimits::path_depth, false},
    {"ratio", &ArchiveLimits::ratio, false},
});

constexpr Range kCounts{1, std::numeric_limits<std::int64_t>::max()};
constexpr std::uint64_t kRatioCountsFrom = 64ULL << 20U;

}  // namespace

void set_archive_limit(ArchiveLimits& limits, const std::string& text) {
  const std::size_t border = text.find('=');
  for (const Row& row : kRows) {
    if (text.substr(0, border) != row.name) continue;
    const std::string value =
        border == std::string::npos ? "" : text.substr(border + 1);
    const std::string option =
        fmt::format("--archive-limit {}", row.name);
    limits.*row.limit = row.is_size
                            ? parse_size(option, value)
                            : static_cast<std::uint64_t>(
                                  parse_number(option, value, kCounts));
    return;
  }
  throw Failure{fmt::format(
      "--archive-limit {}: NAME=VALUE is expected; the names are "
      "bytes, file_bytes, entries, header_bytes, path_depth and ratio",
      text)};
}

void exceed_limit(std::uint64_t ArchiveLimits::*limit,
                  const ArchiveLimits& limits, std::string_view what) {
  for (const Row& row : kRows) {
    if (row.limit != limit) continue;
    throw Failure{fmt::format(
        "{} more than the archive limit {}={} allows; if you trust the "
        "archive, --archive-limit {}=VALUE raises it",
        what, row.name,
        row.is_size ? human_size(limits.*limit)
                    : std::to_string(limits.*limit),
        row.name)};
  }
  throw std::logic_error{"an archive limit without a name"};
}

void check_limit(std::uint64_t value,
                 std::uint64_t ArchiveLimits::*limit,
                 const ArchiveLimits& limits, std::string_view what) {
  if (value > limits.*limit) exceed_limit(limit, limits, what);
}

void check_unpacked(std::uint64_t bytes, std::uint64_t packed,
                    const ArchiveLimits& limits) {
  check_limit(bytes, &ArchiveLimits::bytes, limits,
              "the archive unpacks to");
  if (bytes > kRatioCountsFrom && bytes / limits.ratio >= packed)
    exceed_limit(&ArchiveLimits::ratio, limits,
                 "the archive unpacks to, times its own size,");
}

}  // namespace dockwright
