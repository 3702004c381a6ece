#pragma once
// How often and how long one tries again. Servers stumble: 500, 502 and
// 503, a connection that breaks, 429 when they have had enough. Whoever
// tries again at once makes it worse, and a hundred machines that all
// wait one second come back together: so the wait doubles, and chance
// spreads it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dockwright {

using Milliseconds = std::chrono::milliseconds;

struct Patience {
  int attempts = 5;  ///< The first one included.
  Milliseconds first_wait{250};
  Milliseconds longest_wait{20'000};
  /// A server may ask for a longer wait; one that asks for more than
  /// this is not waited for.
  Milliseconds longest_asked{60'000};
  /// A transfer slower than this many bytes a second for that long has
  /// broken off.
  long slowest_bytes = 100;
  std::chrono::seconds slow_for{30};
  std::chrono::seconds connect_for{15};
};

/// Those of the environment: DOCKWRIGHT_REGISTRY_ATTEMPTS and
/// DOCKWRIGHT_REGISTRY_TIMEOUT (seconds).
[[nodiscard]] Patience patience_from_environment();

/// What is worth another attempt: 408, 429, 500, 502, 503, 504.
[[nodiscard]] bool is_worth_repeating(long status) noexcept;

/// `Retry-After: 120`, or a date; nothing when it is neither.
[[nodiscard]] std::optional<Milliseconds> parse_retry_after(
    std::string_view value, std::int64_t now_seconds);

/// How long to wait before attempt `next` (the second one is 2), with
/// `chance` of 0 to 1: between a half and the whole of the doubled wait.
[[nodiscard]] Milliseconds wait_before(
    const Patience& patience, int next, double chance,
    std::optional<Milliseconds> asked);

}  // namespace dockwright
