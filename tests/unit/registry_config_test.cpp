// Docker's config.json and the programs that keep passwords for it.

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "chapters/10-registry/client/credentials.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

DockerConfig config(std::string_view text) { return DockerConfig::parse("config.json", text); }

std::string slurp(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

void spit(const fs::path& path, const std::string& text) { std::ofstream{path} << text; }

/// $DOCKER_CONFIG and $PATH of a user of their own.
class Home {
 public:
  Home() {
    ::setenv("DOCKER_CONFIG", directory_.path().c_str(), 1);
    const char* const path = std::getenv("PATH");
    before_ = path == nullptr ? "" : path;
    ::setenv("PATH", (directory_.path().native() + ":" + before_).c_str(), 1);
  }
  Home(Home&&) = delete;
  ~Home() {
    ::setenv("PATH", before_.c_str(), 1);
    ::unsetenv("DOCKER_CONFIG");
  }
  [[nodiscard]] fs::path file(const char* name) const { return directory_.path() / name; }
  /// A credential helper that keeps what it is given in files beside itself.
  void add_helper() const {
    const fs::path program = file("docker-credential-toy");
    spit(program,
         "#!/bin/sh\ncd \"$(dirname \"$0\")\" || exit 2\n"
         "case $1 in\n"
         "  store) cat > kept ;;\n"
         "  get) cat > asked; [ -f kept ] && cat kept || { echo 'credentials not found in native keychain'; "
         "exit 1; } ;;\n"
         "  erase) cat > erased; rm -f kept ;;\n"
         "esac\n");
    fs::permissions(program, fs::perms::owner_all);
  }

 private:
  TemporaryDirectory directory_;
  std::string before_;
};

}  // namespace

TEST_CASE("config.json has credentials in all the forms that clients write", "[registry]") {
  const DockerConfig file = config(R"({"auths": {
      "https://index.docker.io/v1/": {"auth": "YWxpY2U6c2VjcmV0"},
      "localhost:5000": {"username": "bob", "password": "p:w"},
      "https://old.example/v1/": {"auth": "YWxpY2U6c2VjcmV0"},
      "token.example": {"auth": "YWxpY2U6", "identitytoken": "t0ken"},
      "empty.example": {}}})");
  CHECK(file.stored("docker.io") == Credentials{"alice", "secret", ""});
  CHECK(file.stored("localhost:5000") == Credentials{"bob", "p:w", ""});
  CHECK(file.stored("old.example") == Credentials{"alice", "secret", ""});
  CHECK(file.stored("token.example") == Credentials{"alice", "", "t0ken"});
  CHECK_FALSE(file.stored("empty.example").has_value());
}

TEST_CASE("credentials are for the host and port that they were given for", "[registry][security]") {
  const DockerConfig file = config(R"({"auths": {"localhost:5000": {"auth": "YWxpY2U6c2VjcmV0"}}})");
  for (const char* const other : {"localhost", "localhost:5001", "localhost:50000", "evil.localhost:5000",
                                  "127.0.0.1:5000", "docker.io"})
    CHECK_FALSE(file.stored(other).has_value());
}

TEST_CASE("a broken config.json is told of without what stands in it", "[registry][security]") {
  for (const char* const text :
       {R"({"auths": {"a.example": {"auth": "hunter2"}}})",
        R"({"auths": {"a.example": {"password": hunter2}}})",
        R"({"auths": {"a.example": {"auth": ["hunter2"]}}})", R"({"auths": ["hunter2"]})",
        R"({"auths": {"a.example": {"username": "u", "password": "hunter2)"}) {
    CAPTURE(text);
    try {
      static_cast<void>(config(text));
      FAIL("it was taken");
    } catch (const Failure& failure) {
      CHECK(contains(failure.what(), "config.json"));
      CHECK_FALSE(contains(failure.what(), "hunter2"));
    }
  }
}

TEST_CASE("what others keep in config.json stays", "[registry]") {
  const DockerConfig file = config(
      R"({"HttpHeaders": {"X": "y"}, "auths": {"a.example": {"auth": "YWxpY2U6c2VjcmV0"}}, "psFormat": "{{.ID}}"})");
  const auto with = nlohmann::json::parse(file.with("b.example", {"bob", "x", ""}));
  CHECK(with["HttpHeaders"]["X"] == "y");
  CHECK(with["psFormat"] == "{{.ID}}");
  CHECK(with["auths"]["a.example"]["auth"] == "YWxpY2U6c2VjcmV0");
  CHECK(with["auths"]["b.example"]["auth"] == "Ym9iOng=");
  const auto without = nlohmann::json::parse(file.without("a.example"));
  CHECK(without["auths"].empty());
  CHECK(without["psFormat"] == "{{.ID}}");
}

TEST_CASE("config.json is replaced in one step, for its owner's eyes", "[registry]") {
  const Home home;
  const DockerConfig file = DockerConfig::open();
  CHECK(store_credentials(file, "localhost:5000", {"alice", "secret", ""}) == home.file("config.json"));
  struct stat status {};
  REQUIRE(::stat(home.file("config.json").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  CHECK(std::distance(fs::directory_iterator{home.file("")}, fs::directory_iterator{}) == 1);
  CHECK(find_credentials(DockerConfig::open(), "localhost:5000") == Credentials{"alice", "secret", ""});
  SECTION("also where others could read it before") {
    fs::permissions(home.file("config.json"), fs::perms{0644});
    store_credentials(DockerConfig::open(), "b.example", {"bob", "x", ""});
    REQUIRE(::stat(home.file("config.json").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
  }
  SECTION("a link stays a link") {
    fs::rename(home.file("config.json"), home.file("real.json"));
    fs::create_symlink("real.json", home.file("config.json"));
    store_credentials(DockerConfig::open(), "b.example", {"bob", "x", ""});
    CHECK(fs::is_symlink(home.file("config.json")));
    CHECK(contains(slurp(home.file("real.json")), "b.example"));
  }
  SECTION("and who logs out is forgotten") {
    CHECK(erase_credentials(DockerConfig::open(), "localhost:5000"));
    CHECK_FALSE(find_credentials(DockerConfig::open(), "localhost:5000").has_value());
    CHECK_FALSE(erase_credentials(DockerConfig::open(), "localhost:5000"));
  }
}

TEST_CASE("a program keeps passwords instead of the file", "[registry]") {
  const Home home;
  home.add_helper();
  const bool all = GENERATE(true, false);
  spit(home.file("config.json"),
       all ? R"({"credsStore": "toy"})" : R"({"credHelpers": {"a.example": "toy"}})");
  CHECK_FALSE(find_credentials(DockerConfig::open(), "a.example").has_value());
  CHECK(store_credentials(DockerConfig::open(), "a.example", {"alice", "secret", ""}) ==
        "docker-credential-toy");
  CHECK_FALSE(contains(slurp(home.file("config.json")), "auth\":"));
  CHECK(nlohmann::json::parse(slurp(home.file("kept"))) ==
        nlohmann::json{{"ServerURL", "a.example"}, {"Username", "alice"}, {"Secret", "secret"}});
  CHECK(find_credentials(DockerConfig::open(), "a.example") == Credentials{"alice", "secret", ""});
  CHECK(slurp(home.file("asked")) == "a.example");
  CHECK(erase_credentials(DockerConfig::open(), "a.example"));
  CHECK(slurp(home.file("erased")) == "a.example");
  CHECK_FALSE(find_credentials(DockerConfig::open(), "a.example").has_value());
}

TEST_CASE("a helper's identity token is one", "[registry]") {
  const Home home;
  home.add_helper();
  spit(home.file("config.json"), R"({"credsStore": "toy"})");
  store_credentials(DockerConfig::open(), "a.example", {"alice", "", "t0ken"});
  CHECK(contains(slurp(home.file("kept")), "<token>"));
  CHECK(find_credentials(DockerConfig::open(), "a.example") == Credentials{"", "", "t0ken"});
}

TEST_CASE("a helper is a program of PATH, and no path", "[registry][security]") {
  const Home home;
  for (const char* const name : {"../../tmp/evil", "no/such", "nothere"}) {
    spit(home.file("config.json"), fmt::format(R"({{"credsStore": "{}"}})", name));
    CHECK_THROWS_AS(find_credentials(DockerConfig::open(), "a.example"), Failure);
  }
}
