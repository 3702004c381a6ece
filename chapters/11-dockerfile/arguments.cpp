#include "chapters/11-dockerfile/arguments.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"
#include "chapters/11-dockerfile/syntax/variables.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::array kProxies = std::to_array<std::string_view>(
    {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy",
     "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY",
     "all_proxy"});
constexpr const char* kEpoch = "SOURCE_DATE_EPOCH";

bool is_proxy(std::string_view name) {
  return std::find(kProxies.begin(), kProxies.end(), name) !=
         kProxies.end();
}

void add_platform(Variables& to, const std::string& prefix,
                  const Platform& platform) {
  to[prefix + "PLATFORM"] = platform.str();
  to[prefix + "OS"] = platform.os;
  to[prefix + "ARCH"] = platform.architecture;
  to[prefix + "VARIANT"] = platform.variant;
}

const std::string* find(const Variables& in, std::string_view name) {
  const auto found = in.find(name);
  return found == in.end() ? nullptr : &found->second;
}

}  // namespace

BuildArguments::BuildArguments(
    const BuildSpec& spec, const Platform& target,
    const Dockerfile& file, const std::vector<Instruction>& globals) {
  for (const auto& [name, value] : spec.build_args) {
    if (!value) continue;
    given_[name] = *value;
    if (is_proxy(name)) proxies_.push_back(name + '=' + *value);
  }
  add_platform(platforms_, "BUILD", Platform::of_this_machine());
  add_platform(platforms_, "TARGET", target);
  platforms_["TARGETSTAGE"] =
      spec.target.empty() ? "default" : spec.target;
  for (const Instruction& arg : globals)
    for (const Pair& pair : arg.pairs) {
      global_names_.insert(pair.name);
      std::optional<std::string> fallback;
      try {
        if (pair.given_value)
          fallback =
              expand(pair.value, for_from(), file.directives.escape);
      } catch (const Failure& failure) {
        throw DockerfileError{file.name, file.lines, arg.lines,
                              failure.what()};
      }
      if (const auto value = value_of(pair.name, fallback))
        global_[pair.name] = *value;
    }
}

VariableLookup BuildArguments::for_from() const {
  return [this](std::string_view name) -> std::optional<std::string> {
    for (const Variables* const place : {&global_, &platforms_})
      if (const std::string* const value = find(*place, name))
        return *value;
    return std::nullopt;
  };
}

std::optional<std::string> BuildArguments::value_of(
    const std::string& name,
    const std::optional<std::string>& fallback) const {
  if (const std::string* const value = find(given_, name))
    return *value;
  if (fallback) return fallback;
  return for_from()(name);
}

std::optional<Seconds> BuildArguments::epoch() const {
  const std::string* const given = find(given_, kEpoch);
  if (given == nullptr || given->empty()) return source_date_epoch();
  Seconds seconds = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, error] =
      std::from_chars(given->data(), end, seconds);
  if (error != std::errc{} || stop != end || seconds < 0)
    throw Failure{
        fmt::format("--build-arg {}={}: a number of seconds "
                    "since 1970 is expected",
                    kEpoch, *given)};
  return seconds;
}

std::vector<std::string> BuildArguments::unused(
    const std::set<std::string>& declared) const {
  std::vector<std::string> names;
  for (const auto& [name, value] : given_)
    if (!declared.contains(name) && !global_names_.contains(name) &&
        !is_proxy(name) && name != kEpoch)
      names.push_back(name);
  return names;
}

}  // namespace dockwright
