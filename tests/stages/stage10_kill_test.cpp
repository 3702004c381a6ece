// kill -9 at 500 moments of a pull. Whatever was cut off, the next command finds a store without a flaw, and
// what was in it before is still there.

#include <fcntl.h>

#include <csignal>
#include <random>
#include <set>
#include <thread>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/store_check.hpp"
#include "common/check.hpp"
#include "common/process.hpp"
#include "tests/stages/registry_shell.hpp"

using namespace dockwright;
using namespace std::chrono_literals;

namespace {

constexpr int kKills = 500;
using Clock = std::chrono::steady_clock;

Process start_pull(const RegistryShell& shell, const std::string& name) {
  return spawn({}, [&] {
    check(::chdir(shell.directory().c_str()), "enter the directory");
    check(::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO), "print nothing");
    check(::execlp(DOCKWRIGHT_BIN "/stage10", "stage10", "pull", "-q", name.c_str(), nullptr), "run stage10");
  });
}

std::set<std::string> names_in(const std::filesystem::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{directory})
    names.insert(entry.path().filename().native());
  return names;
}

/// All of `before` is in `after`.
bool is_kept(const std::set<std::string>& before, const std::set<std::string>& after) {
  return std::includes(after.begin(), after.end(), before.begin(), before.end());
}

}  // namespace

TEST_CASE("kill -9 at 500 moments of a pull leaves a whole store", "[stage10-kill]") {
  NEEDS_ROOT();
  const RegistryShell shell;
  make_layout(shell.layout(), 5, 300'000);
  const LyingRegistry registry{shell.layout()};
  const std::string name = registry.address() + "/x";
  const auto begun = Clock::now();
  REQUIRE(start_pull(shell, name).wait() == 0);
  auto whole = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
  std::mt19937 random{10};
  int ended = 0;
  int partial = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    const auto before = names_in(shell.directory() / "store/blobs/sha256");
    {
      Process pull = start_pull(shell, name);
      std::this_thread::sleep_for(std::chrono::microseconds{random() % whole.count()});
      pull.signal(SIGKILL);
      // How long a pull takes changes with what else the machine does.
      const bool was_whole = pull.wait() == 0;
      ended += was_whole ? 1 : 0;
      whole = was_whole ? whole * 95 / 100 : whole * 102 / 100;
    }
    Store store = Store::open();  // the next command
    const auto after = names_in(shell.directory() / "store/blobs/sha256");
    const StoreReport report = check_store(store);
    CAPTURE(kill, report.flaws.size());
    REQUIRE(report.flaws.empty());
    REQUIRE(report.leftovers == 0);
    REQUIRE(is_kept(before, after));
    const bool is_here = store.find(name).has_value();
    partial += !is_here && !after.empty() ? 1 : 0;
    if (is_here) {
      REQUIRE(store.untag(Reference::parse(name)));
      REQUIRE(collect(store, Prune::none, Store::Wait::yes));
    }
  }
  INFO("ended before the kill: " << ended << ", killed between two blobs: " << partial);
  CHECK(ended < kKills * 3 / 4);
  CHECK(partial > kKills / 20);  // the moments were worth something
}
