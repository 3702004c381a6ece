#include "chapters/11-dockerfile/syntax/flags.hpp"

#include <array>
#include <charconv>

#include "chapters/11-dockerfile/syntax/keywords.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

const Flag* find(const Instruction& instruction,
                 std::string_view name) {
  for (const Flag& flag : instruction.flags)
    if (flag.name == name) return &flag;
  return nullptr;
}

std::optional<std::string> text(const Instruction& instruction,
                                std::string_view name,
                                const Expansion& expansion) {
  const Flag* const flag = find(instruction, name);
  if (flag == nullptr) return std::nullopt;
  return expansion(flag->value);
}

std::vector<std::string> texts(const Instruction& instruction,
                               std::string_view name,
                               const Expansion& expansion) {
  std::vector<std::string> values;
  for (const Flag& flag : instruction.flags)
    if (flag.name == name) values.push_back(expansion(flag.value));
  return values;
}

/// `--link`, `--link=true`; nothing where it is not given.
std::optional<bool> flip(const Instruction& instruction,
                         std::string_view name) {
  const Flag* const flag = find(instruction, name);
  if (flag == nullptr) return std::nullopt;
  return lower_case(flag->value) != "false";
}

struct Unit {
  std::string_view name;
  double nanoseconds;
};
constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1e3},
                                         {"µs", 1e3},
                                         {"ms", 1e6},
                                         {"s", 1e9},
                                         {"m", 60e9},
                                         {"h", 3600e9},
                                         {"μs", 1e3}}};

[[noreturn]] void refuse_duration(std::string_view whole) {
  throw Failure{fmt::format("time: invalid duration {:?}", whole)};
}

/// Takes `1.5` and `h` from the front of `rest`.
double take_part(std::string_view& rest, std::string_view whole) {
  double number = 0;
  const auto [stop, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), number,
                      std::chars_format::fixed);
  if (error != std::errc{} || rest.starts_with('-'))
    refuse_duration(whole);
  rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
  const std::size_t size =
      std::min(rest.find_first_of("0123456789."), rest.size());
  const std::string_view unit = rest.substr(0, size);
  rest.remove_prefix(size);
  for (const Unit& known : kUnits)
    if (known.name == unit) return number * known.nanoseconds;
  refuse_duration(whole);
}

/// `1h30m`, as Go has durations.
std::chrono::nanoseconds duration(std::string_view whole) {
  if (whole == "0") return std::chrono::nanoseconds{0};
  double sum = 0;
  std::string_view rest = whole;
  if (rest.empty()) refuse_duration(whole);
  while (!rest.empty()) sum += take_part(rest, whole);
  constexpr double kLongest = 9e18;  // 292 years
  if (!(sum < kLongest)) refuse_duration(whole);
  return std::chrono::nanoseconds{static_cast<std::int64_t>(sum)};
}

std::optional<std::chrono::nanoseconds> interval(
    const Instruction& instruction, std::string_view name) {
  const Flag* const flag = find(instruction, name);
  if (flag == nullptr || flag->value.empty()) return std::nullopt;
  const auto value = duration(flag->value);
  if (value.count() != 0 && value < std::chrono::milliseconds{1})
    throw Failure{
        fmt::format("Interval {:?} cannot be less than 1ms", name)};
  return value;
}

void need_one_of(std::string_view flag, const std::string& value,
                 std::initializer_list<std::string_view> known) {
  for (const std::string_view one : known)
    if (one == value) return;
  throw Failure{fmt::format("invalid --{} value {:?}: {} is expected",
                            flag, value, fmt::join(known, ", "))};
}

}  // namespace

RunFlags run_flags(const Instruction& run, const Expansion& expansion) {
  RunFlags flags;
  flags.mounts = texts(run, "mount", expansion);
  if (const auto network = text(run, "network", as_written))
    flags.network = *network;
  if (const auto security = text(run, "security", as_written))
    flags.security = *security;
  need_one_of("network", flags.network, {"default", "none", "host"});
  need_one_of("security", flags.security, {"sandbox", "insecure"});
  if (find(run, "device") != nullptr)
    throw Failure{
        "RUN --device needs the Container Device Interface, which "
        "Dockwright does not have"};
  return flags;
}

CopyFlags copy_flags(const Instruction& copy,
                     const Expansion& expansion) {
  CopyFlags flags;
  flags.from = text(copy, "from", as_written).value_or("");
  if (flags.from.find('$') != std::string::npos)
    throw Failure{
        "variable expansion is not supported for --from, define a new "
        "stage with FROM using ARG from global scope as a workaround"};
  flags.chown = text(copy, "chown", expansion);
  flags.chmod = text(copy, "chmod", expansion);
  flags.link = flip(copy, "link").value_or(false);
  flags.parents = flip(copy, "parents").value_or(false);
  flags.excludes = texts(copy, "exclude", expansion);
  flags.checksum = text(copy, "checksum", expansion);
  flags.keep_git_dir = flip(copy, "keep-git-dir").value_or(false);
  flags.unpack = flip(copy, "unpack");
  return flags;
}

std::string platform_flag(const Instruction& from,
                          const Expansion& expansion) {
  return text(from, "platform", expansion).value_or("");
}

HealthFlags health_flags(const Instruction& healthcheck) {
  HealthFlags flags;
  flags.interval = interval(healthcheck, "interval");
  flags.timeout = interval(healthcheck, "timeout");
  flags.start_period = interval(healthcheck, "start-period");
  flags.start_interval = interval(healthcheck, "start-interval");
  const Flag* const retries = find(healthcheck, "retries");
  if (retries == nullptr || retries->value.empty()) return flags;
  int number = 0;
  const std::string& value = retries->value;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc{} || stop != end)
    throw Failure{
        fmt::format("--retries: {:?} is no whole number", value)};
  if (number < 0)
    throw Failure{
        fmt::format("--retries cannot be negative ({})", number)};
  flags.retries = number;
  return flags;
}

}  // namespace dockwright
