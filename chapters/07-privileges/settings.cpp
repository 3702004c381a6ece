#include "chapters/07-privileges/settings.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/resource.h>
#include <sys/statfs.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/nearest.hpp"
#include "common/open_in_root.hpp"
#include "common/sys.hpp"

namespace dockwright {

namespace {

struct LimitName {
  std::string_view name;
  int resource;
};

constexpr auto kLimits = std::to_array<LimitName>({
    {"core", RLIMIT_CORE},
    {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},
    {"fsize", RLIMIT_FSIZE},
    {"locks", RLIMIT_LOCKS},
    {"memlock", RLIMIT_MEMLOCK},
    {"msgqueue", RLIMIT_MSGQUEUE},
    {"nice", RLIMIT_NICE},
    {"nofile", RLIMIT_NOFILE},
    {"nproc", RLIMIT_NPROC},
    {"rss", RLIMIT_RSS},
    {"rtprio", RLIMIT_RTPRIO},
    {"rttime", RLIMIT_RTTIME},
    {"sigpending", RLIMIT_SIGPENDING},
    {"stack", RLIMIT_STACK},
});

int resource(const std::string& name) {
  for (const auto& [known, number] : kLimits)
    if (known == name) return number;
  std::vector<std::string> names;
  for (const auto& limit : kLimits) names.emplace_back(limit.name);
  throw Failure{fmt::format("unknown limit: {}{}", name,
                            did_you_mean(name, names))};
}

std::string_view limit_name(int number) {
  for (const auto& [name, known] : kLimits)
    if (known == number) return name;
  return "?";
}

std::uint64_t limit_value(const std::string& text,
                          std::string_view digits) {
  if (digits == "unlimited" || digits == "-1") return RLIM_INFINITY;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(
      digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw Failure{fmt::format(
        "--ulimit {}: '{}' is no number (write NAME=SOFT:HARD, and "
        "-1 for no limit)",
        text, digits)};
  return value;
}

void set_limit(const ResourceLimit& limit) {
  const std::string_view name = limit_name(limit.resource);
  narrate("prlimit64", [&] {
    return explain::Call{fmt::format("prlimit64(0, {}, {{{}, {}}})",
                                     name, limit.soft, limit.hard),
                         fmt::format("prlimit --{}={}:{} COMMAND", name,
                                     limit.soft, limit.hard)};
  });
  const rlimit64 both{.rlim_cur = limit.soft, .rlim_max = limit.hard};
  check_call(
      "prlimit64",
      ::setrlimit64(static_cast<__rlimit_resource_t>(limit.resource),
                    &both),
      "set the limit {} to {}:{}", name, limit.soft, limit.hard);
}

struct OpenSetting {
  UniqueFd file;
  const std::string& path;
};

/// `call` is what the table of causes knows it by.
void write_value(const char* call, const OpenSetting& setting,
                 const std::string& value) {
  const int file = setting.file.get();
  const std::string& path = setting.path;
  narrate("write", [&] {
    return explain::Call{
        fmt::format("write({} /* {} */, \"{}\")", file, path, value),
        fmt::format("echo {} > {}", explain::shell_word(value), path)};
  });
  check_call(call, ::write(file, value.data(), value.size()),
             "write '{}' to {}", value, path);
}

constexpr auto kOwnSettings = std::to_array<std::string_view>({
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shm_rmid_forced",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
});

/// Whether the setting exists once for each namespace.
bool is_namespaced(std::string_view name) {
  return name.starts_with("net.") || name.starts_with("fs.mqueue.") ||
         std::find(kOwnSettings.begin(), kOwnSettings.end(), name) !=
             kOwnSettings.end();
}

bool is_plain(std::string_view name) {
  return !name.ends_with('.') &&
         name.find("..") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '.' ||
                  c == '-';
         });
}

}  // namespace

ResourceLimit parse_limit(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos)
    throw Failure{fmt::format(
        "--ulimit {}: write it as NAME=SOFT or NAME=SOFT:HARD", text)};
  const std::string name = text.substr(0, equals);
  const std::string_view values =
      std::string_view{text}.substr(equals + 1);
  const std::size_t colon = values.find(':');
  ResourceLimit limit{.resource = resource(name)};
  limit.soft = limit_value(text, values.substr(0, colon));
  limit.hard = colon == std::string_view::npos
                   ? limit.soft
                   : limit_value(text, values.substr(colon + 1));
  if (limit.soft > limit.hard)
    throw Failure{fmt::format(
        "--ulimit {}: the soft limit must not be above the hard one",
        text)};
  return limit;
}

void prepare_settings(const Spec& spec) {
  check_sysctls(spec);
  for (const ResourceLimit& wanted : spec.resource_limits) {
    rlimit64 ours{};
    check(::getrlimit64(
              static_cast<__rlimit_resource_t>(wanted.resource), &ours),
          "read our own limit");
    if (wanted.hard > ours.rlim_max)
      set_limit({wanted.resource, ours.rlim_cur, wanted.hard});
  }
}

void set_limits(const Spec& spec) {
  if (!spec.resource_limits.empty())
    because("what a single process may use, whatever its group may");
  for (const ResourceLimit& limit : spec.resource_limits)
    set_limit(limit);
}

void set_oom_score(const Spec& spec) {
  if (!spec.oom_score_adj) return;
  because("when memory is short, who is to go first?");
  const std::string path = "/proc/self/oom_score_adj";
  write_value("oom score", {sys::open(path, O_WRONLY), path},
              std::to_string(*spec.oom_score_adj));
}

std::pair<std::string, std::string> parse_sysctl(
    const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const std::string value =
      equals == std::string::npos ? "" : text.substr(equals + 1);
  if (value.empty() ||
      std::any_of(value.begin(), value.end(),
                  [](unsigned char c) { return c < ' ' && c != '\t'; }))
    throw Failure{fmt::format(
        "--sysctl {}: write it as NAME=VALUE, on one line", name)};
  if (name == "kernel.hostname")
    throw Failure{"--sysctl kernel.hostname: that is --hostname"};
  if (!is_plain(name) || !is_namespaced(name))
    throw Failure{
        fmt::format("--sysctl {}: not a setting of a namespace", name),
        Advice{.cause = "it would be set for the whole machine",
               .cure = "net.*, fs.mqueue.*, kernel.msg*, kernel.sem "
                       "and kernel.shm* can be",
               .chapter = 7,
               .anchor = "ch07-settings"}};
  return {name, value};
}

void check_sysctls(const Spec& spec) {
  for (const auto& [name, value] : spec.sysctls)
    if (name.starts_with("net.") && spec.network == NetworkMode::host)
      throw Failure{
          fmt::format("--sysctl {}: the network is the host's", name),
          Advice{.cure = "give the container one of its own: --network "
                         "none",
                 .chapter = 7,
                 .anchor = "ch07-settings"}};
}

//! [write_sysctls]
void write_sysctls(const UniqueFd& root, const Spec& spec) {
  for (const auto& [name, value] : spec.sysctls) {
    because("this setting exists once for each namespace");
    std::string path = "/proc/sys/" + name;
    std::replace(path.begin(), path.end(), '.', '/');
    auto setting = try_open_in_root(root, path, O_WRONLY | O_NOFOLLOW);
    if (!setting)
      throw Failure{fmt::format(
          "--sysctl {}: this kernel has no such setting", name)};
    struct statfs where {};
    check(::fstatfs(setting->get(), &where), "look at {}", path);
    if (where.f_type != PROC_SUPER_MAGIC)
      throw Failure{fmt::format("{} is not the kernel's", path)};
    write_value("write sysctl", {std::move(*setting), path}, value);
  }
}
//! [write_sysctls]

}  // namespace dockwright
