#include "common/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "common/unique_fd.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

TEST_CASE("a file gets no colour", "[terminal]") {
  const UniqueFd null{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  CHECK_FALSE(terminal::has_colour(null.get()));
  CHECK(terminal::styled(null.get(), terminal::Style::bad, "red") == "red");
}

TEST_CASE("a terminal gets colour unless NO_COLOR or a dumb terminal forbids it", "[terminal]") {
  const UniqueFd master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  REQUIRE(::unlockpt(master.get()) == 0);
  const UniqueFd slave{::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)};
  REQUIRE(static_cast<bool>(slave));
  ::unsetenv("NO_COLOR");
  ::setenv("TERM", "xterm", 1);
  CHECK(terminal::styled(slave.get(), terminal::Style::good, "x") == "\033[32mx\033[0m");
  ::setenv("NO_COLOR", "1", 1);
  CHECK_FALSE(terminal::has_colour(slave.get()));
  ::setenv("NO_COLOR", "", 1);  // an empty one does not count: https://no-color.org
  CHECK(terminal::has_colour(slave.get()));
  ::setenv("TERM", "dumb", 1);
  CHECK_FALSE(terminal::has_colour(slave.get()));
}

TEST_CASE("the width of what is no terminal is COLUMNS, else 80", "[terminal]") {
  const UniqueFd null{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  ::setenv("COLUMNS", "100", 1);
  CHECK(terminal::width(null.get()) == 100);
  ::setenv("COLUMNS", "many", 1);
  CHECK(terminal::width(null.get()) == 80);
  ::unsetenv("COLUMNS");
  CHECK(terminal::width(null.get()) == 80);
}

TEST_CASE("text is broken at spaces and never within a word", "[terminal]") {
  CHECK(terminal::wrap("one two three", 7) == "one two\nthree");
  CHECK(terminal::wrap("one two three", 8, 2) == "one two\n  three");
  CHECK(terminal::wrap("unbreakable", 4) == "unbreakable");
  CHECK(terminal::wrap("", 4).empty());
}

TEST_CASE("a name cannot steer the terminal", "[terminal][security]") {
  CHECK(terminal::without_controls("a\x1b]0;title\x07 b\x7f\n  cause: c") ==
        "a\\x1b]0;title\\x07 b\\x7f\n  cause: c");
  CHECK(terminal::without_controls("\xc2\x9b"
                                   "31m") == "\xc2\\x9b31m");
  CHECK(terminal::without_controls("größer") == "größer");
}
