#include "common/cli.hpp"

#include <set>

#include "common/process.hpp"
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

TEST_CASE("a command that is handed over gets its words as they stand", "[cli]") {
  static std::vector<std::string> got;
  const cli::Stage stage{.number = 10, .commands = {{.name = "manifest inspect", .hand_over = [](auto words) {
                                                       got.assign(words.begin(), words.end());
                                                       return 7;
                                                     }}}};
  std::vector<std::string> words = {"stage10", "manifest", "inspect", "--unknown", "-x", "--help", "a b"};
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  // cli::main closes what a caller left open: that is for a process of its own.
  Process child = spawn({}, [&] {
    const int code = cli::main(stage, static_cast<int>(words.size()), pointers.data());
    return code == 7 && got == std::vector<std::string>(words.begin() + 1, words.end()) ? 0 : 1;
  });
  CHECK(child.wait() == 0);
}
