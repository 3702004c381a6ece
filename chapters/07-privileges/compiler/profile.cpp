#include "chapters/07-privileges/compiler/profile.hpp"

#include <linux/seccomp.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>

#include "chapters/07-privileges/compiler/document.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

template <typename T>
struct Word {
  std::string_view name;
  T value;
};

constexpr auto kActions = std::to_array<Word<std::uint32_t>>({
    {"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW},
    {"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(EPERM)},
    {"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD},
    {"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS},
    {"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD},
    {"SCMP_ACT_LOG", SCMP_ACT_LOG},
    {"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0)},
    {"SCMP_ACT_TRAP", SCMP_ACT_TRAP},
});

constexpr auto kComparisons = std::to_array<Word<scmp_compare>>({
    {"SCMP_CMP_NE", SCMP_CMP_NE},
    {"SCMP_CMP_LT", SCMP_CMP_LT},
    {"SCMP_CMP_LE", SCMP_CMP_LE},
    {"SCMP_CMP_EQ", SCMP_CMP_EQ},
    {"SCMP_CMP_GE", SCMP_CMP_GE},
    {"SCMP_CMP_GT", SCMP_CMP_GT},
    {"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
});

/// TSYNC is for programs with threads, and we have one.
constexpr auto kFlags = std::to_array<Word<unsigned>>({
    {"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
    {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
    {"SECCOMP_FILTER_FLAG_TSYNC", 0},
});

/// Docker names machines as the Go language does.
constexpr auto kMachines = std::to_array<Word<std::uint32_t>>({
    {"386", SCMP_ARCH_X86},
    {"amd64", SCMP_ARCH_X86_64},
    {"arm", SCMP_ARCH_ARM},
    {"arm64", SCMP_ARCH_AARCH64},
    {"ppc64le", SCMP_ARCH_PPC64LE},
    {"riscv64", SCMP_ARCH_RISCV64},
    {"s390x", SCMP_ARCH_S390X},
});

template <typename T, std::size_t size>
T look_up(const std::array<Word<T>, size>& words, const Node& node,
          std::string_view what) {
  const std::string name = node.text();
  for (const Word<T>& word : words)
    if (word.name == name) return word.value;
  node.fail(fmt::format("unknown {}: {}", what, name));
}

/// `SCMP_ARCH_X86_64`; 0 for a machine that libseccomp does not know.
std::uint32_t architecture(const Node& node) {
  const std::string name = node.text();
  if (!name.starts_with("SCMP_ARCH_"))
    node.fail(fmt::format("unknown architecture: {}", name));
  std::string own = name.substr(10);
  for (char& c : own)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return seccomp_arch_resolve_name(own.c_str());
}

std::uint32_t with_error(std::uint32_t action, const Node& rule,
                         const std::string& key) {
  const auto number = rule.find(key);
  if (!number &&
      rule.find(key == "errnoRet" ? "errno" : "defaultErrno"))
    rule.fail(
        fmt::format("a name of an error needs {} beside it", key));
  if (!number) return action;
  if (action != SCMP_ACT_ERRNO(EPERM) && action != SCMP_ACT_TRACE(0))
    number->fail(
        "only SCMP_ACT_ERRNO and SCMP_ACT_TRACE have a number");
  const std::uint64_t value = number->number();
  if (value > 4095) number->fail("an error number is at most 4095");
  return (action & 0xffff0000U) | static_cast<std::uint32_t>(value);
}

unsigned kernel(const Node& node) {
  const std::string text = node.text();
  unsigned major = 0;
  unsigned minor = 0;
  char more = 0;
  if (std::sscanf(text.c_str(), "%3u.%3u%c", &major, &minor, &more) !=
      2)
    node.fail(fmt::format(
        "a kernel is written as in 4.8, and this is {}", text));
  return major * 1000 + minor;
}

CapabilitySet capability(const Node& node) {
  try {
    return parse_capability(node.text());
  } catch (const Failure& unknown) {
    node.fail(unknown.what());
  }
}

bool is_machine(const Node& node, std::uint32_t architecture) {
  const std::string name = node.text();
  return std::any_of(kMachines.begin(), kMachines.end(),
                     [&](const Word<std::uint32_t>& machine) {
                       return machine.name == name &&
                              machine.value == architecture;
                     });
}

/// What of `includes` or `excludes` holds here, one answer each.
std::vector<bool> answers(const Node& node, const Circumstances& here,
                          CapabilitySet& named) {
  node.expect_keys({"caps", "arches", "minKernel"});
  std::vector<bool> holds;
  if (const auto caps = node.find("caps"))
    for (const Node& name : caps->items()) {
      named |= capability(name);
      holds.push_back((capability(name) & ~here.capabilities) == 0);
    }
  if (const auto arches = node.find("arches")) {
    bool one = arches->items().empty();
    for (const Node& name : arches->items())
      one |= is_machine(name, here.architecture);
    holds.push_back(one);
  }
  if (const auto least = node.find("minKernel"))
    holds.push_back(here.kernel >= kernel(*least));
  return holds;
}

bool all(const std::vector<bool>& answers) {
  return std::count(answers.begin(), answers.end(), false) == 0;
}

bool any(const std::vector<bool>& answers) {
  return std::count(answers.begin(), answers.end(), true) != 0;
}

scmp_arg_cmp argument(const Node& node) {
  node.expect_keys({"index", "value", "valueTwo", "op"});
  const Node index = node.at("index");
  if (index.number() > 5)
    index.fail("a call has six arguments, 0 to 5");
  scmp_arg_cmp test{};
  test.arg = static_cast<unsigned>(index.number());
  test.op = look_up(kComparisons, node.at("op"), "comparison");
  test.datum_a = node.at("value").number();
  if (const auto two = node.find("valueTwo"))
    test.datum_b = two->number();
  return test;
}

bool refuses(std::uint32_t action) {
  return action != SCMP_ACT_ALLOW && action != SCMP_ACT_LOG;
}

class Reader {
 public:
  explicit Reader(const Circumstances& here) : here_{here} {}

  Profile read(const Node& root) {
    root.expect_keys({"defaultAction", "defaultErrnoRet", "archMap",
                      "architectures", "flags", "syscalls", "comment",
                      "defaultErrno"});
    profile_.default_action = with_error(
        look_up(kActions, root.at("defaultAction"), "action"), root,
        "defaultErrnoRet");
    if (const auto map = root.find("archMap"))
      for (const Node& entry : map->items()) add_machine(entry);
    if (const auto list = root.find("architectures"))
      for (const Node& entry : list->items())
        add_architecture(architecture(entry));
    if (const auto flags = root.find("flags"))
      for (const Node& flag : flags->items())
        profile_.flags |= look_up(kFlags, flag, "flag");
    if (const auto rules = root.find("syscalls"))
      for (const Node& rule : rules->items()) add_rule(rule);
    return std::move(profile_);
  }

 private:
  void add_architecture(std::uint32_t added) {
    if (added != 0 && added != here_.architecture)
      profile_.more_architectures.push_back(added);
  }

  void add_machine(const Node& entry) {
    entry.expect_keys({"architecture", "subArchitectures"});
    const bool ours =
        architecture(entry.at("architecture")) == here_.architecture;
    if (const auto more = entry.find("subArchitectures"))
      for (const Node& sub : more->items())
        if (const auto added = architecture(sub); ours)
          add_architecture(added);
  }

  void add_rule(const Node& node) {
    node.expect_keys({"names", "name", "action", "errnoRet", "errno",
                      "args", "comment", "includes", "excludes"});
    const std::uint32_t action =
        with_error(look_up(kActions, node.at("action"), "action"), node,
                   "errnoRet");
    bool holds = true;
    if (const auto includes = node.find("includes"))
      holds &= all(answers(*includes, here_, profile_.named));
    if (const auto excludes = node.find("excludes"))
      holds &= !any(answers(*excludes, here_, profile_.named));
    std::vector<scmp_arg_cmp> tests;
    if (const auto list = node.find("args"))
      for (const Node& test : list->items())
        tests.push_back(argument(test));
    std::vector<Node> names;
    if (const auto one = node.find("name")) names.push_back(*one);
    if (const auto list = node.find("names"))
      for (const Node& name : list->items()) names.push_back(name);
    if (names.empty()) node.fail("a rule names no call");
    for (const Node& name : names) add_call(name, action, tests, holds);
  }

  /// Two conditions on the same argument are two rules, either of which
  /// is enough: so runc has it.
  void add_call(const Node& node, std::uint32_t action,
                const std::vector<scmp_arg_cmp>& tests, bool holds) {
    const std::string name = node.text();
    if (seccomp_syscall_resolve_name(name.c_str()) == __NR_SCMP_ERROR) {
      // Newer than our library, and refused as unknown: that is safe.
      // A call that is to be refused and is not would not be.
      if (holds && refuses(action) && !refuses(profile_.default_action))
        node.fail(fmt::format(
            "{} is to be refused, and there is no such call", name));
      return;
    }
    profile_.known.push_back(name);
    if (!holds || action == profile_.default_action) return;
    const auto same = [&](const scmp_arg_cmp& test) {
      return std::count_if(tests.begin(), tests.end(),
                           [&](const scmp_arg_cmp& other) {
                             return other.arg == test.arg;
                           }) > 1;
    };
    if (std::none_of(tests.begin(), tests.end(), same)) {
      profile_.rules.push_back({name, action, tests});
      return;
    }
    for (const scmp_arg_cmp& test : tests)
      profile_.rules.push_back({name, action, {test}});
  }

  const Circumstances& here_;
  Profile profile_{};
};

}  // namespace

Circumstances circumstances_here(CapabilitySet set) {
  utsname host{};
  check(::uname(&host), "ask for the kernel's version");
  unsigned major = 0;
  unsigned minor = 0;
  ignore(std::sscanf(host.release, "%3u.%3u", &major, &minor),
         "a kernel without a number is taken for the oldest");
  return {.capabilities = set,
          .architecture = seccomp_arch_native(),
          .kernel = major * 1000 + minor};
}

Profile read_profile(const std::string& name, std::string_view text,
                     const Circumstances& circumstances) {
  const Document document{name, text};
  return Reader{circumstances}.read(document.root());
}

}  // namespace dockwright
