#include "chapters/05-cgroups/quantities.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kUnits = "bkmgt";

[[noreturn]] void not_a_size(std::string_view option,
                             const std::string& text) {
  throw Failure{fmt::format(
      "{} {}: not a size; write a number and a unit, as in 64m (units: "
      "b, k, m, g, t)",
      option, text)};
}

/// Reads a number without sign, exponent or blanks from the front of
/// `text`, and takes it away. from_chars would read "inf", too.
double take_decimal(std::string_view& text) {
  const std::size_t size =
      std::min(text.find_first_not_of("0123456789."), text.size());
  double value = -1;
  const auto end = std::from_chars(text.data(), text.data() + size,
                                   value, std::chars_format::fixed);
  if (end.ec != std::errc{} || end.ptr != text.data() + size) return -1;
  text.remove_prefix(size);
  return value;
}

}  // namespace

std::uint64_t parse_size(std::string_view option,
                         const std::string& text) {
  std::string lower = text;
  for (char& c : lower)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::string_view rest = lower;
  const double number = take_decimal(rest);
  if (number < 0) not_a_size(option, text);
  double unit = 1;
  if (const std::size_t at = kUnits.find(rest.substr(0, 1));
      !rest.empty() && at != std::string_view::npos) {
    unit = std::pow(1024, static_cast<double>(at));
    rest.remove_prefix(1);
    if (rest == "b" || rest == "ib") rest = {};  // 64mb and 64mib
  }
  if (!rest.empty()) not_a_size(option, text);
  const double bytes = number * unit;
  constexpr double kMost = 1LL << 62;  // 4 EiB
  if (bytes > kMost)
    throw Failure{fmt::format(
        "{} {}: no machine has as much; the most that can be said is 4 "
        "EiB",
        option, text)};
  if (bytes < 1)
    throw Failure{
        fmt::format("{} {}: that is nothing at all", option, text)};
  return static_cast<std::uint64_t>(bytes);
}

std::int64_t parse_number(std::string_view option,
                          const std::string& text, Range range) {
  std::int64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto end = std::from_chars(text.data(), last, value);
  if (end.ec == std::errc::invalid_argument || end.ptr != last)
    throw Failure{
        fmt::format("{} {}: not a whole number", option, text)};
  if (end.ec != std::errc{} || value < range.least ||
      value > range.most)
    throw Failure{fmt::format("{} {}: from {} to {}, please", option,
                              text, range.least, range.most)};
  return value;
}

std::int64_t parse_cpus(const std::string& text) {
  std::string_view rest = text;
  const double cpus = take_decimal(rest);
  const auto here =
      static_cast<double>(::sysconf(_SC_NPROCESSORS_ONLN));
  if (!rest.empty() || cpus < 0)
    throw Failure{fmt::format(
        "--cpus {}: not a number of processors; write it as 0.5 or 2",
        text)};
  if (cpus < 0.01 || cpus > here)
    throw Failure{fmt::format(
        "--cpus {}: range of CPUs is from 0.01 to {:.2f}, as there are "
        "only {:.0f} CPUs available",
        text, here, here)};
  return std::llround(cpus * 100'000);
}

std::vector<unsigned> parse_list(std::string_view option,
                                 const std::string& text) {
  constexpr unsigned kLargest = 8191;  // the kernel's, for processors
  const auto not_a_list = [&] {
    return Failure{
        fmt::format("{} '{}': not a list of numbers; write it as 0-2,5",
                    option, text)};
  };
  const auto take_number = [&](std::string_view& rest) {
    unsigned number = 0;
    const auto end =
        std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (end.ec != std::errc{} || number > kLargest) throw not_a_list();
    rest.remove_prefix(static_cast<std::size_t>(end.ptr - rest.data()));
    return number;
  };
  std::vector<unsigned> numbers;
  for (std::string_view rest = text;; rest.remove_prefix(1)) {
    const unsigned first = take_number(rest);
    unsigned last = first;
    if (rest.starts_with('-')) {
      rest.remove_prefix(1);
      last = take_number(rest);
    }
    if (last < first) throw not_a_list();
    for (unsigned number = first; number <= last; ++number)
      numbers.push_back(number);
    if (rest.empty()) return numbers;
    if (!rest.starts_with(',')) throw not_a_list();
  }
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array kNames = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kNames.size(); ++unit)
    value /= 1024;
  return fmt::format("{:.{}f}{}", value,
                     unit == 0 || value >= 100 ? 0 : 1, kNames[unit]);
}

}  // namespace dockwright
