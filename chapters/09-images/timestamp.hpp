#pragma once
// Times in images: text as RFC 3339 has it, `2024-05-01T12:34:56Z`. They
// are part of what is hashed. So that the same input gives the same
// digest on any day, the time of what we make is never simply "now".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dockwright {

/// Seconds since 1970, in UTC.
using Seconds = std::int64_t;

/// Reads a time; fractions of a second are dropped. Nothing for text
/// that is none.
[[nodiscard]] std::optional<Seconds> parse_time(std::string_view text);

/// `2024-05-01T12:34:56Z`
[[nodiscard]] std::string format_time(Seconds time);

/// What SOURCE_DATE_EPOCH says, which build tools take for the time of
/// day.
/// See https://reproducible-builds.org/specs/source-date-epoch
/// @throws Failure where it is no number
[[nodiscard]] std::optional<Seconds> source_date_epoch();

/// SOURCE_DATE_EPOCH, else the time of day.
[[nodiscard]] Seconds now_or_epoch();

/// "3 weeks ago", in Docker's words.
[[nodiscard]] std::string ago(Seconds time, Seconds now);

/// "4.26MB": three digits, in powers of a thousand, as Docker lists
/// images.
[[nodiscard]] std::string decimal_size(std::uint64_t bytes);

}  // namespace dockwright
