// An outlook: a cage that needs no root, no namespace and no mount.
// `landlock --read DIR… COMMAND [ARG…]` takes every right to files away
// from itself but reading and executing below the given directories,
// and then becomes the command. It can only take from itself; what it
// has taken, no child gets back. @kernel{5.13} @man{landlock,7}

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string_view>

#include "common/check.hpp"
#include "common/unique_fd.hpp"

using namespace dockwright;

namespace {

//! [landlock]
constexpr std::uint64_t kReading = LANDLOCK_ACCESS_FS_EXECUTE |
                                   LANDLOCK_ACCESS_FS_READ_FILE |
                                   LANDLOCK_ACCESS_FS_READ_DIR;
/// All thirteen rights of the first version.
constexpr std::uint64_t kEverything =
    (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

UniqueFd make_ruleset() {
  landlock_ruleset_attr handled{};
  handled.handled_access_fs = kEverything;
  return UniqueFd{static_cast<int>(
      check(::syscall(SYS_landlock_create_ruleset, &handled,
                      sizeof handled, 0),
            "make a set of rules (Linux 5.13, with lsm=landlock)"))};
}

void allow_reading(const UniqueFd& rules, const char* directory) {
  const UniqueFd below{check(::open(directory, O_PATH | O_CLOEXEC),
                             "open {}", directory)};
  landlock_path_beneath_attr rule{};
  rule.allowed_access = kReading;
  rule.parent_fd = below.get();
  check(::syscall(SYS_landlock_add_rule, rules.get(),
                  LANDLOCK_RULE_PATH_BENEATH, &rule, 0),
        "allow reading below {}", directory);
}

void restrict_ourselves(const UniqueFd& rules) {
  check(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        "forbid new privileges");
  check(::syscall(SYS_landlock_restrict_self, rules.get(), 0),
        "restrict ourselves");
}
//! [landlock]

}  // namespace

int main(int argc, char** argv) {
  try {
    const UniqueFd rules = make_ruleset();
    int at = 1;
    for (; at + 1 < argc && std::string_view{argv[at]} == "--read";
         at += 2)
      allow_reading(rules, argv[at + 1]);
    if (at < argc && std::string_view{argv[at]} == "--") ++at;
    if (at >= argc) {
      fmt::print(stderr,
                 "usage: landlock [--read DIR]... COMMAND [ARG...]\n");
      return 2;
    }
    restrict_ourselves(rules);
    check(::execvp(argv[at], argv + at), "execute {}", argv[at]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "landlock: {}\n", error.what());
  }
  return 1;
}
