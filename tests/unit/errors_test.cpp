#include "common/errors.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/causes.hpp"
#include "common/check.hpp"
#include "common/syscalls.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

std::string describe_thrown(void (*thrower)()) {
  try {
    thrower();
  } catch (const std::exception& error) {
    return describe(error);
  }
  return "nothing was thrown";
}

void fail_in_two_layers() {
  try {
    errno = EINVAL;
    check_call("sethostname", -1, "set the host name to '{}'", "x");
  } catch (const SystemCallError&) {
    std::throw_with_nested(Failure{"cannot run the container", 126});
  }
}

}  // namespace

TEST_CASE("check lets a good result through", "[errors]") { CHECK(check(3, "count") == 3); }

TEST_CASE("check throws what was attempted, and the kernel's reason", "[errors]") {
  errno = ENOENT;
  CHECK_THROWS_WITH(check(-1, "open {}", "/x"), "open /x: No such file or directory");
}

TEST_CASE("an error is told as a staircase with cause, cure and section", "[errors]") {
  const std::string text = describe_thrown(fail_in_two_layers);
  CHECK(text ==
        "cannot run the container\n"
        "  set the host name to 'x': Invalid argument\n"
        "  cause: a host name has at most 64 bytes\n"
        "  cure:  choose a shorter one\n"
        "  book:  Chapter 3: Namespaces (book/03-namespaces.md#ch03-fails)");
}

TEST_CASE("cause, cure and book are broken at the terminal's width, below their first word", "[errors]") {
  const std::string text =
      "open a-directory-with-a-long-name: No such file or directory\n"
      "  cause: there is no such directory\n"
      "  cure:  make it";
  CHECK(fit(text, 80) == text);
  CHECK(fit(text, 24) ==
        "open a-directory-with-a-long-name: No such file or directory\n"
        "  cause: there is no\n"
        "         such directory\n"
        "  cure:  make it");
  CHECK(fit(text, 1) ==
        "open a-directory-with-a-long-name: No such file or directory\n"
        "  cause: there\n         is\n         no\n         such\n         directory\n"
        "  cure:  make\n         it");
  CHECK(fit("", 80).empty());
}

TEST_CASE("the exit code is that of the failure, else 125", "[errors]") {
  CHECK(exit_code_of(Failure{"x", 127}) == 127);
  CHECK(exit_code_of(std::runtime_error{"x"}) == 125);
  try {
    fail_in_two_layers();
  } catch (const std::exception& error) {
    CHECK(exit_code_of(error) == 126);
  }
}

TEST_CASE("an unknown failure gets no invented cause", "[errors]") {
  CHECK(find_cause("sethostname", EIO) == nullptr);
  CHECK(find_cause("nosuchcall", EPERM) == nullptr);
}

TEST_CASE("a cause that depends on who we are fits who we are", "[errors]") {
  const Cause* const cause = find_cause("clone3", EPERM);
  REQUIRE(cause != nullptr);
  CHECK(cause->only == (::geteuid() == 0 ? Only::as_root : Only::without_root));
}

TEST_CASE("every cause belongs to a chapter, has a cure, and stands once", "[errors]") {
  for (const Cause& cause : causes()) {
    CAPTURE(cause.call, cause.error);
    CHECK(cause.chapter >= 1);
    CHECK(cause.chapter <= 16);
    CHECK_FALSE(cause.cause.empty());
    CHECK_FALSE(cause.cure.empty());
    CHECK(std::count_if(causes().begin(), causes().end(), [&](const Cause& other) {
            return other.call == cause.call && other.error == cause.error && other.only == cause.only;
          }) == 1);
  }
}

TEST_CASE("a system call is found by its name alone", "[errors]") {
  REQUIRE(find_system_call("pivot_root") != nullptr);
  CHECK(find_system_call("pivot_root")->chapter == 4);
  CHECK(find_system_call("pivot") == nullptr);
}
