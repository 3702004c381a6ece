#pragma once
// What an archive may ask for. A few kilobytes can unpack to more than
// any disk holds, to a billion names, to a header as large as the
// memory: bombs. The limits are generous, for they are no quota; who
// meets one and trusts the archive raises it by `--archive-limit`.

#include <cstdint>
#include <string>
#include <string_view>

namespace dockwright {

struct ArchiveLimits {
  /// The archive when unpacked, and all its files together.
  std::uint64_t bytes = 256ULL << 30U;
  /// One file, holes included.
  std::uint64_t file_bytes = 64ULL << 30U;
  std::uint64_t entries = 10'000'000;
  /// What describes one entry: long names, attributes. (libarchive
  /// itself takes no more than this.)
  std::uint64_t header_bytes = 1ULL << 20U;
  /// Components of one name.
  std::uint64_t path_depth = 256;
  /// How many times its size an archive may unpack to. gzip cannot do
  /// more than 1032; it counts only from the first 64 MiB on.
  std::uint64_t ratio = 1000;
  bool operator==(const ArchiveLimits&) const = default;
};

/// Sets one limit as `--archive-limit` has it: `NAME=VALUE`, with a
/// size such as `64m` where it is one of bytes. @throws Failure
void set_archive_limit(ArchiveLimits& limits, const std::string& text);

/// @throws Failure when `value` is more than the limit of that name: it
/// says which, how much it is, and the option that raises it. `what`
/// says who, such as `the file usr/bin/x has`.
void check_limit(std::uint64_t value,
                 std::uint64_t ArchiveLimits::*limit,
                 const ArchiveLimits& limits, std::string_view what);

/// As above, for bytes that came out of `packed` bytes: checks both the
/// amount and the ratio.
void check_unpacked(std::uint64_t bytes, std::uint64_t packed,
                    const ArchiveLimits& limits);

/// That limit, exceeded. @throws Failure always
[[noreturn]] void exceed_limit(std::uint64_t ArchiveLimits::*limit,
                               const ArchiveLimits& limits,
                               std::string_view what);

}  // namespace dockwright
