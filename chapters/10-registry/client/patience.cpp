#include "chapters/10-registry/client/patience.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::int64_t kDay = 86'400;

template <typename Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

int setting(const char* name, int otherwise) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return otherwise;
  const auto number = whole<int>(text);
  if (!number || *number < 1 || *number > 3600)
    throw Failure{fmt::format(
        "{}={}: a number from 1 to 3600 is expected", name, text)};
  return *number;
}

}  // namespace

Patience patience_from_environment() {
  Patience patience;
  patience.attempts =
      setting("DOCKWRIGHT_REGISTRY_ATTEMPTS", patience.attempts);
  const int seconds = setting("DOCKWRIGHT_REGISTRY_TIMEOUT", 0);
  if (seconds > 0) {
    patience.slow_for = std::chrono::seconds{seconds};
    patience.connect_for = std::chrono::seconds{seconds};
  }
  return patience;
}

bool is_worth_repeating(long status) noexcept {
  constexpr std::array kStatuses{408L, 429L, 500L, 502L, 503L, 504L};
  return std::find(kStatuses.begin(), kStatuses.end(), status) !=
         kStatuses.end();
}

std::optional<Milliseconds> parse_retry_after(
    std::string_view value, std::int64_t now_seconds) {
  while (value.ends_with(' ')) value.remove_suffix(1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  if (value.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  if (const auto number = whole<std::uint32_t>(value)) {
    seconds = *number;
  } else {
    const std::int64_t date =
        ::curl_getdate(std::string{value}.c_str(), nullptr);
    if (date == -1) return std::nullopt;
    seconds = date - now_seconds;
  }
  return std::chrono::seconds{
      std::clamp<std::int64_t>(seconds, 0, kDay)};
}

Milliseconds wait_before(const Patience& patience, int next,
                         double chance,
                         std::optional<Milliseconds> asked) {
  //! [ex10.3]
  const int doublings = std::clamp(next - 2, 0, 16);
  const Milliseconds whole = std::min(
      patience.first_wait * (1 << doublings), patience.longest_wait);
  const Milliseconds half = whole / 2;
  const Milliseconds ours =
      half + Milliseconds{static_cast<Milliseconds::rep>(
                 static_cast<double>(half.count()) * chance)};
  return asked ? std::max(ours, *asked) : ours;
  //! [ex10.3]
}

}  // namespace dockwright
