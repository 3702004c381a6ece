#include "common/cli.hpp"

#include <set>

#include "tests/unit/catch.hpp"

using namespace dockwright;

TEST_CASE("an option of a later chapter says where it arrives", "[cli]") {
  CHECK(cli::unknown_option(2, "--memory", {}) == "--memory arrives in chapter 5 (cgroups)");
  CHECK(cli::unknown_option(2, "--memory=5m", {}) == "--memory arrives in chapter 5 (cgroups)");
  CHECK(cli::unknown_option(1, "--rootfs", {}) == "--rootfs arrives in chapter 2 (chroot)");
}

TEST_CASE("a misspelt option gets the nearest one, a strange one gets none", "[cli]") {
  const std::vector<std::string> known{"--env", "--workdir"};
  CHECK(cli::unknown_option(1, "--evn", known) == "unknown option: --evn; did you mean --env?");
  CHECK(cli::unknown_option(1, "--frobnicate", known) == "unknown option: --frobnicate");
}

TEST_CASE("no option and no command arrives twice", "[cli]") {
  std::set<std::string_view> seen;
  for (const cli::Later& option : cli::later_options()) CHECK(seen.insert(option.name).second);
  seen.clear();
  for (const cli::Later& command : cli::later_commands()) CHECK(seen.insert(command.name).second);
}
