// kill -9 at 150 moments of builds with two stages at once. Whatever was cut off, the next command finds a
// store without a flaw and sweeps what was half-made, and the next build gives what an undisturbed one gives.

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <thread>

#include "chapters/09-images/running.hpp"
#include "chapters/09-images/store_check.hpp"
#include "common/check.hpp"
#include "common/process.hpp"
#include "tests/stages/shell.hpp"

using namespace dockwright;
using namespace std::chrono_literals;

namespace {

constexpr int kKills = 150;
using Clock = std::chrono::steady_clock;

constexpr const char* kMake = R"(
tar -C rootfs -c . | DOCKWRIGHT_ROOT=$PWD/store stage12 import - box > /dev/null
mkdir -p c/d; for i in $(seq 50); do echo $i > c/d/$i; done
cat > c/Dockerfile <<'END'
FROM box AS one
ARG N=0
WORKDIR /w
COPY d d
RUN cat d/* > all; echo $N > n
FROM box AS two
ARG N=0
RUN head -c 300000 /dev/zero > /zero; echo $N > /n
FROM box
COPY --from=one /w /w
COPY --from=two /zero /n /
RUN cat /n /w/n > /both
END
)";

Process start_build(const Shell& shell, int number) {
  return spawn({}, [&] {
    check(::chdir(shell.directory().c_str()), "enter the directory");
    check(::setenv("DOCKWRIGHT_ROOT", (shell.directory() / "store").c_str(), 1), "say where the store is");
    check(::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO), "print nothing");
    check(::dup2(STDOUT_FILENO, STDERR_FILENO), "print nothing");
    const std::string argument = fmt::format("N={}", number);
    check(::execlp(DOCKWRIGHT_BIN "/stage12", "stage12", "build", "-q", "-t", "out", "--build-arg",
                   argument.c_str(), "c", nullptr),
          "run stage12");
  });
}

/// The next command's store, as soon as what was killed has let go of it.
StoreReport report_when_swept(const std::filesystem::path& path) {
  for (int i = 0;; ++i) {
    const Store store = Store::open({.root = path});
    StoreReport report = check_store(store);
    const bool swept = report.leftovers == 0 && files::names_in(store.containers()).empty();
    if (swept || i == 200) return report;
    std::this_thread::sleep_for(50ms);
  }
}

}  // namespace

TEST_CASE("kill -9 at 150 moments of builds leaves a whole store", "[stage12-kill]") {
  NEEDS_ROOT();
  const Shell shell;
  REQUIRE(shell(kMake).code == 0);
  const auto path = shell.directory() / "store";
  const auto begun = Clock::now();
  REQUIRE(start_build(shell, 0).wait() == 0);
  auto whole = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
  std::mt19937 random{12};
  int ended = 0;
  for (int kill = 1; kill <= kKills; ++kill) {
    {
      Process build = start_build(shell, kill);
      std::this_thread::sleep_for(std::chrono::microseconds{random() % whole.count()});
      build.signal(SIGKILL);
      const bool was_whole = build.wait() == 0;
      ended += was_whole ? 1 : 0;
      whole = was_whole ? whole * 95 / 100 : whole * 102 / 100;
    }
    const StoreReport report = report_when_swept(path);
    CAPTURE(kill, report.flaws.empty() ? "" : report.flaws.front().where + ": " + report.flaws.front().what);
    REQUIRE(report.flaws.empty());
    REQUIRE(report.leftovers == 0);
    REQUIRE(report.containers == 0);
    REQUIRE(files::names_in(Store::open({.root = path}).containers()).empty());
    if (kill % 10 != 0) continue;
    REQUIRE(start_build(shell, kill).wait() == 0);
    const Result both =
        shell("DOCKWRIGHT_ROOT=$PWD/store stage12 run out sh -c 'cat /both; wc -c < /zero; ls /w/d | wc -l'");
    REQUIRE(both.output == fmt::format("{0}\n{0}\n300000\n50\n", kill));
  }
  INFO("ended before the kill: " << ended);
  CHECK(ended < kKills * 3 / 4);
}
