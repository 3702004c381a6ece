#include "chapters/10-registry/server/access_log.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace dockwright::serve {

namespace {

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"kB", "MB", "GB", "TB",
                                                 "PB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < kUnits.size()) {
    amount /= 1000;
    ++unit;
  }
  return fmt::format("{:.3g} {}", amount, kUnits[unit]);
}

std::string human_time(double seconds) {
  if (seconds < 1) return fmt::format("{:.1f} ms", seconds * 1000);
  return fmt::format("{:.1f} s", seconds);
}

}  // namespace

std::string log_word(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  std::string word;
  for (const char c : text.substr(0, kLongest)) {
    if (c > ' ' && c < '\x7f' && c != '\\')
      word += c;
    else
      word += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  if (text.size() > kLongest) word += "...";
  return word;
}

std::string log_line(const http::Request& request,
                     const http::Outcome& outcome) {
  return fmt::format(
      "{} {} {} {} {} {}{}\n", log_word(request.peer),
      log_word(request.method), log_word(request.target),
      outcome.status == 0 ? std::string{"-"}
                          : std::to_string(outcome.status),
      human_bytes(outcome.bytes), human_time(outcome.seconds),
      outcome.whole ? "" : " (broken off)");
}

}  // namespace dockwright::serve
