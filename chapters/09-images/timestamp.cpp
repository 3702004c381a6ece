#include "chapters/09-images/timestamp.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <ctime>

#include "common/check.hpp"

namespace dockwright {

namespace {

/// `count` digits at the beginning of `text`, which are then gone, with
/// the character that must follow them.
std::optional<int> take(std::string_view& text, std::size_t count,
                        char then) {
  int value = 0;
  if (text.size() < count) return std::nullopt;
  const char* const end = text.data() + count;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < 0)
    return std::nullopt;
  text.remove_prefix(count);
  if (then == '\0') return value;
  const bool small_t = then == 'T' && text.starts_with('t');
  if (!text.starts_with(then) && !small_t) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

/// How far a zone (`Z`, `+02:00`) is ahead of UTC.
std::optional<Seconds> zone(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-'))
    return std::nullopt;
  const int sign = text[0] == '+' ? 1 : -1;
  text.remove_prefix(1);
  const auto hours = take(text, 2, ':');
  const auto minutes = take(text, 2, '\0');
  if (!hours || !minutes) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::optional<Seconds> parse_time(std::string_view text) {
  const auto year = take(text, 4, '-');
  const auto month = take(text, 2, '-');
  const auto day = take(text, 2, 'T');
  const auto hour = take(text, 2, ':');
  const auto minute = take(text, 2, ':');
  const auto second = take(text, 2, '\0');
  if (!year || !month || !day || !hour || !minute || !second)
    return std::nullopt;
  if (text.starts_with('.'))
    text.remove_prefix(
        std::min(text.find_first_not_of("0123456789", 1), text.size()));
  const auto ahead = zone(text);
  if (!ahead) return std::nullopt;
  std::tm parts{};
  parts.tm_year = *year - 1900;
  parts.tm_mon = *month - 1;
  parts.tm_mday = *day;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  parts.tm_sec = *second;
  return ::timegm(&parts) - *ahead;
}

std::string format_time(Seconds time) {
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                     parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min,
                     parts.tm_sec);
}

std::optional<Seconds> source_date_epoch() {
  const char* const value = std::getenv("SOURCE_DATE_EPOCH");
  if (value == nullptr || *value == '\0') return std::nullopt;
  const std::string_view text = value;
  // What a year of four digits can say.
  constexpr Seconds kLast = 253'402'300'799;
  Seconds time = 0;
  const auto [stop, error] =
      std::from_chars(text.data(), text.data() + text.size(), time);
  if (error != std::errc{} || stop != text.data() + text.size() ||
      time < 0 || time > kLast)
    throw Failure{fmt::format(
        "SOURCE_DATE_EPOCH={}: seconds since 1970 are expected", text)};
  return time;
}

Seconds now_or_epoch() {
  const auto epoch = source_date_epoch();
  return epoch ? *epoch : static_cast<Seconds>(std::time(nullptr));
}

std::string ago(Seconds time, Seconds now) {
  constexpr Seconds kMinute = 60;
  constexpr Seconds kHour = 60 * kMinute;
  constexpr Seconds kDay = 24 * kHour;
  const Seconds age = now - time;
  const auto plural = [](Seconds count, const char* unit) {
    return fmt::format("{} {}s ago", count, unit);
  };
  if (age < 1) return "Less than a second ago";
  if (age == 1) return "1 second ago";
  if (age < kMinute) return plural(age, "second");
  if (age < 2 * kMinute) return "About a minute ago";
  if (age < kHour) return plural(age / kMinute, "minute");
  if (age < 2 * kHour) return "About an hour ago";
  if (age < 2 * kDay) return plural(age / kHour, "hour");
  if (age < 14 * kDay) return plural(age / kDay, "day");
  if (age < 60 * kDay) return plural(age / (7 * kDay), "week");
  if (age < 730 * kDay) return plural(age / (30 * kDay), "month");
  return plural(age / (365 * kDay), "year");
}

std::string decimal_size(std::uint64_t bytes) {
  constexpr std::array kUnits = {"B",  "kB", "MB", "GB",
                                 "TB", "PB", "EB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 999.5 && unit + 1 < kUnits.size(); ++unit)
    size /= 1000;
  return fmt::format("{:.3g}{}", size, kUnits[unit]);
}

}  // namespace dockwright
