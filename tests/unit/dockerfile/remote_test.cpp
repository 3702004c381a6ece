// ADD of addresses: a web server of our own in a process beside us, and a repository that it serves.

#include "chapters/11-dockerfile/copy/remote.hpp"

#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "chapters/10-registry/server/http_server.hpp"
#include "chapters/11-dockerfile/copy/git.hpp"
#include "chapters/11-dockerfile/copy/helper_program.hpp"
#include "common/files.hpp"
#include "common/pipe.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/dockerfile/copy_room.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

http::Response answer(const fs::path& top, const http::Request& request) {
  if (request.path == "/moved") return {.status = 302, .headers = {{"Location", "/file.txt"}}};
  if (request.path == "/round") return {.status = 302, .headers = {{"Location", "/round"}}};
  if (request.path == "/local") return {.status = 302, .headers = {{"Location", "file:///etc/passwd"}}};
  std::ifstream file{top / request.path.substr(1), std::ios::binary};
  if (!file || fs::is_directory(top / request.path.substr(1))) return {.status = 404};
  return {.headers = {{"Last-Modified", "Sat, 03 Feb 2001 04:05:06 GMT"}},
          .body = std::string{std::istreambuf_iterator<char>{file}, {}}};
}

/// A web server: it has threads, and whoever starts helpers must have one.
class WebServer {
 public:
  explicit WebServer(const fs::path& top) {
    Pipe port = make_pipe();
    child_ = check(::fork(), "fork");
    if (child_ == 0) {
      const http::Server server{{}, {.handler = [&](const http::Request& request) {
                                  return http::answer_with([&top, request] { return answer(top, request); });
                                }}};
      const std::uint16_t number = server.port();
      if (::write(port.write_end.get(), &number, sizeof number) != sizeof number) ::_exit(1);
      for (;;) ::pause();
    }
    port.write_end.reset();
    if (::read(port.read_end.get(), &port_, sizeof port_) != sizeof port_)
      throw Failure{"the web server has not begun"};
  }
  WebServer(WebServer&&) = delete;
  ~WebServer() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  [[nodiscard]] std::string at(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}/{}", port_, path);
  }

 private:
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

struct Room {
  CopyRoom room{};
  fs::path web = room.scratch() / "web";
  Room() {
    ::setenv("DOCKWRIGHT_REGISTRY_ATTEMPTS", "1", 1);
    fs::create_directories(web);
    std::ofstream{web / "file.txt"} << "from the web";
  }
  [[nodiscard]] Store store() const {
    return Store::open({.root = room.scratch() / "store", .durability = files::Durability::fleeting});
  }
  [[nodiscard]] std::size_t leftovers() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{room.scratch() / "store/tmp"}, {}));
  }
};

void git(const fs::path& directory, std::vector<std::string> words) {
  words.insert(words.begin(), {"git", "-C", directory, "-c", "user.name=n", "-c", "user.email=a@b"});
  const HelperResult result =
      run_helper_program({.program = "git",
                          .words = words,
                          .environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent",
                                          "GIT_COMMITTER_DATE=2020-01-02T03:04:05Z"}});
  INFO(result.said);
  REQUIRE(result.code == 0);
}

}  // namespace

TEST_CASE("an address is of the web, of a repository, or none", "[build][remote]") {
  CHECK(address_kind("https://x/y") == Address::web);
  CHECK(address_kind("http://x/y.git?z") == Address::web);
  CHECK(address_kind("https://x/y.git") == Address::git);
  CHECK(address_kind("https://x/y.git#v1:d") == Address::git);
  CHECK(address_kind("git@x:y") == Address::git);
  CHECK(address_kind("git://x/y") == Address::git);
  CHECK(address_kind("ssh://x/y") == Address::git);
  for (const char* none : {"file:///etc/passwd", "ftp://x/y", "x.git", "http", "git", "httpx://", "."})
    CHECK(address_kind(none) == Address::none);
  CHECK(parse_git_address("https://x/y.git#v1:a/../b/") == GitAddress{"https://x/y.git", "v1", "b"});
  CHECK(parse_git_address("https://x/y.git#:../../d") == GitAddress{"https://x/y.git", "", "d"});
  CHECK_THROWS_AS(parse_git_address("https://x/y.git#--upload-pack=touch"), Failure);
  CHECK(name_in_address("https://x/a/b.txt?q=/c#d") == "b.txt");
  for (const char* bad : {"https://x", "https://x/", "https://x/a/", "https://x/?a", "https://x/.."})
    CHECK_THROWS_WITH(name_in_address(bad), Catch::Contains("cannot determine filename from url"));
}

TEST_CASE("ADD fetches a file of the web", "[build][remote]") {
  const Room room;
  const WebServer web{room.web};
  const Store store = room.store();
  const std::string address = web.at("file.txt");
  {
    const FetchedSources fetched{store, {"local", address}, {.checksum = Digest::of("from the web").str()}};
    CHECK(fetched.all().size() == 1);
    CHECK(room.room.copy(
              {.sources = {address}, .fetched = fetched.all(), .destination = "/to/", .unpack = true}) == "");
  }
  CHECK(room.room.read("to/file.txt") == "from the web");
  struct stat status {};
  REQUIRE(::stat((room.room.target() / "to/file.txt").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(status.st_mtim.tv_sec == 981173106);
  CHECK(room.leftovers() == 0);
}

TEST_CASE("what the web answers wrongly is refused, and leaves nothing", "[build][remote]") {
  const Room room;
  const WebServer web{room.web};
  const Store store = room.store();
  const auto fetch = [&](const std::string& path, const std::string& checksum = "") {
    try {
      const FetchedSources fetched{store, {web.at(path)}, {.checksum = checksum}};
    } catch (const Failure& failure) {
      return std::string{failure.what()};
    }
    return std::string{};
  };
  CHECK(fetch("moved") == "");
  CHECK_THAT(fetch("none"), Catch::Contains("404"));
  CHECK_THAT(fetch("round"), Catch::Contains("redirects"));
  CHECK(fetch("local") != "");
  CHECK_THAT(fetch("file.txt", Digest::of("another").str()), Catch::Contains("digest mismatch"));
  CHECK_THAT(fetch("file.txt", "md5:1"), !Catch::Equals(""));
  CHECK(room.leftovers() == 0);
}

TEST_CASE("a repository of git is fetched, and every day the same", "[build][remote]") {
  if (find_program("git").empty()) {
    WARN("skipped: needs git");
    return;
  }
  const Room room;
  const fs::path work = room.room.scratch() / "work";
  fs::create_directories(work / "docker");
  std::ofstream{work / "docker/x"} << "x";
  fs::create_symlink("/etc/passwd", work / "docker/link");
  git(work, {"init", "--quiet", "."});
  git(work, {"add", "."});
  git(work, {"commit", "--quiet", "-m", "one"});
  git(work, {"tag", "v1"});
  git(room.web, {"clone", "--quiet", "--bare", work, "p.git"});
  git(room.web / "p.git", {"update-server-info"});
  const WebServer web{room.web};
  const Store store = room.store();
  const auto fetch = [&](const std::string& rest, const GitRules& rules = {}) {
    return fetch_git(store, *parse_git_address(web.at("p.git" + rest)), rules);
  };
  {
    const Context all = fetch("");
    CHECK(all.read("docker/x", 10) == "x");
    CHECK(all.read(".git/HEAD", 1000) == std::nullopt);
    CHECK(all.read("docker/link", 1000) == std::nullopt);  // outside
    const Context part = fetch("#v1:docker", {.keep_git_dir = true});
    CHECK(part.read("x", 10) == "x");
    struct stat status {};
    REQUIRE(::fstatat(part.root().get(), "x", &status, 0) == 0);
    CHECK(status.st_mtim.tv_sec == 1577934245);
    CHECK(fetch("", {.keep_git_dir = true}).read(".git/HEAD", 1000));
  }
  CHECK_THROWS_WITH(fetch("#nowhere"), Catch::Contains("nowhere"));
  CHECK_THROWS_WITH(fetch("#v1:nowhere"), Catch::Contains("no directory"));
  CHECK_THROWS_WITH(fetch("", {.commit = "0000"}), Catch::Contains("expected checksum"));
  CHECK_THROWS(fetch_git(store, {.repository = work}));  // no server's
  CHECK(room.leftovers() == 0);
}
