#pragma once
// Amounts as Docker writes them: `64m` of memory, `0.5` of the
// processors, `0-2,5` of their numbers. Each is read once, here, and is
// a number from then on.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

/// Reads a size such as `64m`, `1.5g` or `4096` into bytes. The units
/// are powers of 1024. `option` stands in messages.
/// @throws Failure for anything else, zero included
[[nodiscard]] std::uint64_t parse_size(std::string_view option,
                                       const std::string& text);

/// Reads a whole number from `least` to `most`. @throws Failure
struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;
};
[[nodiscard]] std::int64_t parse_number(std::string_view option,
                                        const std::string& text,
                                        Range range);

/// Reads Docker's `--cpus`: how many processors' worth of time in each
/// tenth of a second, in microseconds. At most what this machine has.
/// @throws Failure
[[nodiscard]] std::int64_t parse_cpus(const std::string& text);

/// Reads a list such as `0-2,5` into its numbers, in order. @throws
/// Failure
[[nodiscard]] std::vector<unsigned> parse_list(std::string_view option,
                                               const std::string& text);

/// Bytes as a person reads them: `15.5MiB`.
[[nodiscard]] std::string human_size(std::uint64_t bytes);

}  // namespace dockwright
