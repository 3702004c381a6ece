#include "book/workbook/subprocess.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include "tests/unit/catch.hpp"

using namespace dockwright;
using namespace dockwright::workbook;

TEST_CASE("output and errors are caught together, apart, or only the output", "[workbook]") {
  const std::vector<std::string> both = {"sh", "-c", "echo out; echo err >&2; exit 3"};
  const auto mixed = run_program(both);
  CHECK(mixed.out == "out\nerr\n");
  CHECK(mixed.exit_code == 3);
  const auto apart = run_program(both, {.output = Output::apart});
  CHECK(apart.out == "out\n");
  CHECK(apart.err == "err\n");
  CHECK(run_program({"sh", "-c", "echo out"}, {.output = Output::errors_shown}).out == "out\n");
}

TEST_CASE("a program reads its input, and nothing where none is given", "[workbook]") {
  const std::string much(200'000, 'x');
  CHECK(run_program({"cat"}, {.input = much}).out == much);
  CHECK(run_program({"cat"}).out.empty());
}

TEST_CASE("a program runs where it is told to", "[workbook]") {
  CHECK(run_program({"pwd"}, {.directory = "/usr"}).out == "/usr\n");
  CHECK(run_program({"pwd"}, {.directory = "/not/there"}).exit_code == 125);
}

TEST_CASE("the environment is ours, or a small one", "[workbook]") {
  ::setenv("DOCKWRIGHT_TEST_VARIABLE", "seen", 1);
  const std::vector<std::string> ask = {"sh", "-c", "echo $DOCKWRIGHT_TEST_VARIABLE $ADDED"};
  CHECK(run_program(ask).out == "seen\n");
  CHECK(run_program(ask, {.environment = std::vector<std::string>{"ADDED=1"}}).out == "1\n");
  ::unsetenv("DOCKWRIGHT_TEST_VARIABLE");
}

TEST_CASE("a program that is missing ends with 127, a signal counts from 128", "[workbook]") {
  const auto missing = run_program({"/no-such-program"});
  CHECK(missing.exit_code == 127);
  CHECK(contains(missing.out, "cannot execute /no-such-program: No such file or directory"));
  CHECK(run_program({"sh", "-c", "kill -TERM $$"}).exit_code == 143);
}

TEST_CASE("what takes longer than its limit is killed, and its output kept", "[workbook]") {
  const auto start = std::chrono::steady_clock::now();
  const auto late = run_program({"sh", "-c", "echo begun; exec sleep 60"}, {.limit_milliseconds = 300});
  CHECK(late.timed_out);
  CHECK(late.exit_code == 137);
  CHECK(late.out == "begun\n");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{10});
}

TEST_CASE("a program that leaves a child with its output behind is not waited for twice", "[workbook]") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(run_program({"sh", "-c", "sleep 5 & echo done"}).out == "done\n");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{4});
}

TEST_CASE("preparation runs in the child, and its failure is told with 125", "[workbook]") {
  CHECK(run_program({"pwd"}, {.prepare = [] { (void)!::chdir("/usr"); }}).out == "/usr\n");
  const auto failed = run_program({"true"}, {.prepare = [] { throw std::runtime_error{"no way"}; }});
  CHECK(failed.exit_code == 125);
  CHECK(failed.out == "no way\n");
}

TEST_CASE("a planted descriptor is number 9, and the descriptor that it came from stays here", "[workbook]") {
  const UniqueFd file{::open("/etc/passwd", O_RDONLY | O_CLOEXEC)};
  const auto seen =
      run_program({"sh", "-c", "readlink /proc/$$/fd/* | grep -c /etc/passwd; readlink /proc/$$/fd/9"},
                  {.planted = file.get()});
  CHECK(seen.out == "1\n/etc/passwd\n");
}

TEST_CASE("a child that goes out of scope is gone", "[workbook]") {
  int descriptor = -1;
  {
    const Child child{{"sleep", "60"}, {}};
    descriptor = child.output().get();
    CHECK_FALSE(child.wait_for_output(50));
  }
  CHECK(::fcntl(descriptor, F_GETFD) == -1);
}
