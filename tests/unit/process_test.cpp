#include "common/process.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/sys.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

TEST_CASE("a child's exit code is its body's result", "[process]") {
  CHECK(spawn({}, [] { return 7; }).wait() == 7);
  CHECK(spawn({}, [] {}).wait() == 0);
}

TEST_CASE("a child that a signal ended gives 128 and the signal", "[process]") {
  CHECK(spawn({}, [] { ::kill(::getpid(), SIGKILL); }).wait() == 137);
  CHECK(spawn({}, [] { ::kill(::getpid(), SIGTERM); }).wait() == 143);
}

TEST_CASE("the failure of a child comes back with its words and its exit code", "[process]") {
  Process child = spawn({}, [] { throw Failure{"no such thing", 127}; });
  try {
    child.expect_started();
    FAIL("nothing came back");
  } catch (const Failure& failure) {
    CHECK(contains(failure.what(), "no such thing"));
    CHECK(failure.exit_code() == 127);
  }
}

TEST_CASE("a failed call of a child comes back with the kernel's reason", "[process]") {
  Process child = spawn({}, [] { check(::chdir("/nowhere/at/all"), "go nowhere"); });
  CHECK_THROWS_WITH(child.expect_started(), "go nowhere: No such file or directory");
}

TEST_CASE("a child that execs has started", "[process]") {
  Process child = spawn({}, [] { check(::execl("/bin/sh", "sh", "-c", "exit 3", nullptr), "run a shell"); });
  CHECK_NOTHROW(child.expect_started());
  CHECK(child.wait() == 3);
}

TEST_CASE("a child that hands its report over lets its own child speak", "[process]") {
  Process child = spawn({}, [] {
    Process inner = spawn({.hand_over_report = true}, [] { throw Failure{"deep down", 126}; });
    return inner.wait();
  });
  try {
    child.expect_started();
    FAIL("nothing came back");
  } catch (const Failure& failure) {
    CHECK(contains(failure.what(), "deep down"));
    CHECK(failure.exit_code() == 126);
  }
  CHECK(child.wait() == 126);
}

TEST_CASE("a child that hands its report over has started when its own child has", "[process]") {
  Process child = spawn({}, [] {
    const Process inner = spawn({.hand_over_report = true}, [] {
      sys::set_parent_death_signal(SIGKILL);  // nobody else would end it
      check(::execl("/bin/sleep", "sleep", "30", nullptr), "sleep");
    });
    ::pause();
  });
  CHECK_NOTHROW(child.expect_started());  // though both of them go on
}

TEST_CASE("a child that borrows our memory runs its program", "[process]") {
  Process child = spawn({.borrow_memory = true},
                        [] { check(::execl("/bin/sh", "sh", "-c", "exit 7", nullptr), "run a shell"); });
  CHECK_NOTHROW(child.expect_started());
  CHECK(child.wait() == 7);
}

TEST_CASE("a child that borrows our memory says why it failed, and we go on", "[process]") {
  const std::string word(1000, 'x');
  std::string said;
  Process child = spawn({.borrow_memory = true}, [&] {
    said = word + "!";
    throw Failure{"on borrowed ground", 126};
  });
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // there it gets a copy
  CHECK(said == word + "!");
#endif
  CHECK_THROWS_WITH(child.expect_started(), "on borrowed ground");
  CHECK(child.wait() == 126);
  CHECK_THROWS_AS(std::stoi("no number"), std::invalid_argument);  // exceptions still work here
}

TEST_CASE("a child does not outlive its owner", "[process]") {
  pid_t pid = -1;
  {
    const Process child = spawn({}, [] { ::pause(); });
    pid = child.pid();
    REQUIRE(::kill(pid, 0) == 0);
  }
  CHECK(::kill(pid, 0) == -1);  // killed, and reaped: a zombie would still answer
  CHECK(errno == ESRCH);
}

TEST_CASE("a signal to a child that has ended is no error", "[process]") {
  Process child = spawn({}, [] {});
  pollfd ended{.fd = child.pidfd().get(), .events = POLLIN, .revents = 0};
  REQUIRE(::poll(&ended, 1, 5000) == 1);
  CHECK_NOTHROW(child.signal(SIGTERM));
  CHECK(child.wait() == 0);
}

TEST_CASE("the caller's signal handlers do not reach into a child", "[process]") {
  struct sigaction ours {};
  ours.sa_handler = [](int) {};
  struct sigaction before {};
  REQUIRE(::sigaction(SIGUSR1, &ours, &before) == 0);
  const int code = spawn({}, [] { ::kill(::getpid(), SIGUSR1); }).wait();
  REQUIRE(::sigaction(SIGUSR1, &before, nullptr) == 0);
  CHECK(code == 128 + SIGUSR1);
}
