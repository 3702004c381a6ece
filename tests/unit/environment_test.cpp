#include "chapters/01-process/environment.hpp"

#include <cstdlib>

#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

TEST_CASE("a clean environment has four variables and no more", "[environment]") {
  ::setenv("SECRET", "token", 1);
  const std::vector<std::string> environment = clean_environment({.rootfs = "/r"});
  CHECK(environment.size() == 4);
  CHECK(environment_value(environment, "TERM") == "xterm");
  CHECK_FALSE(environment_value(environment, "PATH").empty());
  CHECK_FALSE(environment_value(environment, "HOSTNAME").empty());
  CHECK(environment_value(environment, "SECRET").empty());
}

TEST_CASE("what is asked for replaces what is there, and the last one wins", "[environment]") {
  const std::vector<std::string> environment =
      clean_environment({.environment = {"PATH=/a", "X=1", "PATH=/b"}});
  CHECK(environment_value(environment, "PATH") == "/b");
  CHECK(environment_value(environment, "X") == "1");
  CHECK(environment.size() == 5);
}

TEST_CASE("a variable without a value takes the caller's", "[environment]") {
  ::setenv("FROM_CALLER", "here", 1);
  CHECK(parse_environment_entry("FROM_CALLER") == "FROM_CALLER=here");
  CHECK(parse_environment_entry("FROM_CALLER=") == "FROM_CALLER=");
  CHECK(parse_environment_entry("A=b=c") == "A=b=c");
}

TEST_CASE("a variable that the caller does not have is an error", "[environment]") {
  ::unsetenv("NOT_SET");
  CHECK_THROWS_WITH(parse_environment_entry("NOT_SET"),
                    "-e NOT_SET: no value given, and NOT_SET is not set here: -e NOT_SET=value");
  CHECK_THROWS_AS(parse_environment_entry("=x"), Failure);
  CHECK_THROWS_AS(parse_environment_entry(""), Failure);
}

TEST_CASE("a value is found by the whole name", "[environment]") {
  CHECK(environment_value({"PATHS=x", "PATH=y"}, "PATH") == "y");
  CHECK(environment_value({"PATHS=x"}, "PATH").empty());
}
