#include "common/unique_fd.hpp"

#include <fcntl.h>

#include "tests/unit/catch.hpp"

using dockwright::UniqueFd;

namespace {
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }
UniqueFd open_null() { return UniqueFd{::open("/dev/null", O_RDONLY | O_CLOEXEC)}; }
}  // namespace

TEST_CASE("a descriptor is closed when its owner goes", "[descriptor]") {
  int number = -1;
  {
    const UniqueFd fd = open_null();
    number = fd.get();
    REQUIRE(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("a moved descriptor has one owner", "[descriptor]") {
  UniqueFd first = open_null();
  const int number = first.get();
  const UniqueFd second = std::move(first);
  CHECK(second.get() == number);
  CHECK_FALSE(static_cast<bool>(first));  // NOLINT(bugprone-use-after-move): that is the question
  CHECK(is_open(number));
}

TEST_CASE("moving into an owner closes what it had", "[descriptor]") {
  UniqueFd first = open_null();
  UniqueFd second = open_null();
  const int old = first.get();
  const int kept = second.get();
  first = std::move(second);
  CHECK(first.get() == kept);
  CHECK_FALSE(is_open(old));
}

TEST_CASE("a descriptor moved into itself stays open", "[descriptor]") {
  UniqueFd fd = open_null();
  UniqueFd& same = fd;
  fd = std::move(same);
  CHECK(is_open(fd.get()));
}

TEST_CASE("a released descriptor is the caller's to close", "[descriptor]") {
  int number = -1;
  {
    UniqueFd fd = open_null();
    number = fd.release();
  }
  CHECK(is_open(number));
  ::close(number);
}
