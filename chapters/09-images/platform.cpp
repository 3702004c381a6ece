#include "chapters/09-images/platform.hpp"

#include <sys/utsname.h>

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "common/check.hpp"

namespace dockwright {

namespace {

/// Other names of an architecture: the kernel's, Debian's.
struct Alias {
  std::string_view name;
  const char* architecture;
  const char* variant;
};

constexpr std::array kAliases = std::to_array<Alias>({
    {"x86_64", "amd64", ""},
    {"x86-64", "amd64", ""},
    {"i386", "386", ""},
    {"i486", "386", ""},
    {"i586", "386", ""},
    {"i686", "386", ""},
    {"aarch64", "arm64", ""},
    {"armhf", "arm", "v7"},
    {"armv8l", "arm", "v8"},
    {"armv7l", "arm", "v7"},
    {"armv6l", "arm", "v6"},
    {"armel", "arm", "v6"},
    {"ppc64el", "ppc64le", ""},
});

/// One name for each machine: arm64 is v8 where nothing is said, arm
/// is v7, amd64 is v1.
Platform plain(Platform platform) {
  for (const Alias& alias : kAliases)
    if (platform.architecture == alias.name) {
      platform.architecture = alias.architecture;
      if (platform.variant.empty()) platform.variant = alias.variant;
    }
  if (platform.variant.empty()) {
    if (platform.architecture == "arm64") platform.variant = "v8";
    if (platform.architecture == "arm") platform.variant = "v7";
    if (platform.architecture == "amd64") platform.variant = "v1";
  }
  return platform;
}

/// 8 for `v8`; -1 for what is no generation.
int generation(std::string_view variant) {
  if (variant.empty()) return 0;
  int number = -1;
  const char* const end = variant.data() + variant.size();
  const auto [stop, error] =
      std::from_chars(variant.data() + 1, end, number);
  const bool whole = variant[0] == 'v' && variant.size() > 1 &&
                     error == std::errc{} && stop == end;
  return whole && number >= 0 && number < 100 ? number : -1;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyz0123456789._-") ==
             std::string_view::npos;
}

}  // namespace

Platform Platform::parse(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view rest = text;;) {
    const std::size_t slash = rest.find('/');
    words.emplace_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (words.size() == 1) words.insert(words.begin(), "linux");
  bool whole = words.size() <= 3;
  for (const std::string& word : words) whole = whole && is_word(word);
  if (!whole)
    throw Failure{
        fmt::format("invalid platform {:?}: it is written "
                    "OS/ARCHITECTURE[/VARIANT], such as linux/arm64",
                    text)};
  Platform platform{.os = words[0], .architecture = words[1]};
  if (words.size() == 3) platform.variant = words[2];
  for (const Alias& alias : kAliases)
    if (platform.architecture == alias.name) {
      platform.architecture = alias.architecture;
      if (words.size() < 3) platform.variant = alias.variant;
    }
  return platform;
}

Platform Platform::of_this_machine() {
  utsname names{};
  check(::uname(&names), "ask which machine this is");
  Platform platform{.os = "linux", .architecture = names.machine};
  for (const Alias& alias : kAliases)
    if (platform.architecture == alias.name) {
      platform.architecture = alias.architecture;
      platform.variant = alias.variant;
      break;
    }
  return platform;
}

Platform Platform::from_json(const JsonNode& node) {
  return {.os = node.text_of("os"),
          .architecture = node.text_of("architecture"),
          .variant = node.text_of("variant"),
          .os_version = node.text_of("os.version"),
          .os_features = node.texts_of("os.features")};
}

nlohmann::ordered_json Platform::to_json() const {
  nlohmann::ordered_json json = {{"architecture", architecture},
                                 {"os", os}};
  if (!os_version.empty()) json["os.version"] = os_version;
  if (!os_features.empty()) json["os.features"] = os_features;
  if (!variant.empty()) json["variant"] = variant;
  return json;
}

std::string Platform::str() const {
  return os + "/" + architecture +
         (variant.empty() ? std::string{} : "/" + variant);
}

int platform_match(const Platform& wanted, const Platform& offered) {
  const Platform here = plain(wanted);
  const Platform there = plain(offered);
  if (here.os != there.os || here.architecture != there.architecture)
    return 0;
  constexpr int kSame = 1000;
  if (here.variant == there.variant) return kSame;
  const int age = generation(here.variant) - generation(there.variant);
  const bool older = generation(there.variant) >= 0 && age > 0;
  return older ? kSame - age : 0;
}

}  // namespace dockwright
