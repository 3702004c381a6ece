// Who somebody is: names that are looked up in root file systems, some of which somebody hostile has made.

#include <fcntl.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "chapters/06-users/accounts.hpp"
#include "chapters/06-users/ids.hpp"
#include "chapters/06-users/options.hpp"
#include "chapters/06-users/user.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

using Ranges = std::vector<IdRange>;

/// The message of the Failure that `action` ends with; empty when it ends well.
template <typename Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return {};
}

/// What the command line of `run` makes of these words.
Spec parsed(std::vector<std::string> words) {
  Spec spec;
  CLI::App app;
  cli::Options options{app, 6};
  user_options(options, spec);
  std::reverse(words.begin(), words.end());
  app.parse(words);
  return spec;
}

constexpr const char* kPasswd =
    "root:x:0:0:root:/root:/bin/sh\n"
    "# a comment:x:5:5::/:/bin/sh\n"
    "half a row:x:7\n"
    "web:x:33:34:Web:/srv/web:/bin/false\n"
    "1234:x:77:78:named like a number:/number:/bin/sh\n"
    "big:x:4294967295:1::/:\n"
    "last:x:9:9::/last:/bin/sh";
constexpr const char* kGroup = "root:x:0:\nweb:x:34:\ntape:x:26:web,root\nlog:x:27:other,web\nbad:x:-1:web\n";

/// A root file system with accounts, and a file beside it that nobody inside may reach.
struct Container {
  TemporaryDirectory outer;
  fs::path root = outer.path() / "root";
  UniqueFd fd;

  Container() {
    fs::create_directories(root / "etc");
    write(root / "etc/passwd", kPasswd);
    write(root / "etc/group", kGroup);
    write(outer.path() / "passwd", "secret:x:42:42::/outside:/bin/sh\n");
    fd = UniqueFd{::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  }

  static void write(const fs::path& path, const std::string& text) { std::ofstream{path} << text; }

  [[nodiscard]] User find(const std::string& user, const std::vector<std::string>& more = {},
                          const IdMaps& maps = {}) const {
    return find_user(fd, {.user = user, .more_groups = more}, maps);
  }
  [[nodiscard]] std::string refuses(const std::string& user, const std::vector<std::string>& more = {},
                                    const IdMaps& maps = {}) const {
    return refusal([&] { (void)find(user, more, maps); });
  }
};

}  // namespace

TEST_CASE("rows of passwd and group that are whole are read, others passed over", "[users]") {
  const auto accounts = parse_passwd(kPasswd);
  REQUIRE(accounts.size() == 4);
  CHECK(accounts[1] == Account{"web", 33, 34, "/srv/web"});
  CHECK(accounts[3] == Account{"last", 9, 9, "/last"});
  const auto groups = parse_group(kGroup);
  REQUIRE(groups.size() == 4);
  CHECK(groups[2] == GroupEntry{"tape", 26, {"web", "root"}});
  CHECK(parse_passwd("").empty());
  CHECK(parse_group(":::\n\n").empty());
}

TEST_CASE("numbers are set aside for a name or a number", "[users]") {
  const std::string text =
      "web:100000:65536\n1000:300000:10\nother:1:1\nweb:-5:7\nweb:500000:0\nweb:400000:2\n";
  CHECK(parse_subordinate(text, "web", 33) == Ranges{{0, 100'000, 65'536}, {0, 400'000, 2}});
  CHECK(parse_subordinate(text, "ada", 1000) == Ranges{{0, 300'000, 10}});
  CHECK(parse_subordinate(text, "", 7).empty());
  CHECK(parse_subordinate(":1:1\n", "", kNoId).empty());
}

TEST_CASE("whom --user means is read as far as it can be without the container", "[users]") {
  for (const char* const text : {"web", "0", "0:0", "1000:1000", "web:tape", "4294967294", "web:5", "a.b-c"})
    CHECK(parsed({"--user", text}).user == text);
  for (const char* const text : {":", "web:", ":web", "1:2:3", "-x"}) {
    CAPTURE(text);
    CHECK(contains(refusal([&] { (void)parsed({std::string{"--user="} + text}); }), "write it as NAME, UID"));
  }
  CHECK(contains(refusal([] { (void)parsed({"--user=-1"}); }), "write it as NAME, UID"));
  for (const char* const text : {"4294967295", "4294967296", "0:4294967295", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK(contains(refusal([&] { (void)parsed({"--user", text}); }), "must be in range 0-4294967294"));
  }
}

TEST_CASE("whose numbers are meant is one of three words", "[users]") {
  CHECK(parsed({"--userns", "host"}).user_numbers == UserNumbers::host);
  CHECK(parsed({"--userns", "private"}).user_numbers == UserNumbers::own);
  CHECK(parsed({"--userns", "keep-id"}).user_numbers == UserNumbers::keep_id);
  CHECK(contains(refusal([] { (void)parsed({"--userns", "mine"}); }), "it is host, private or keep-id"));
  CHECK(parsed({"--uidmap", "0:1:2", "--uidmap", "2:9"}).uid_map == Ranges{{0, 1, 2}, {2, 9, 1}});
}

TEST_CASE("a user's number, group, further groups and home come from the container", "[users]") {
  const Container container;
  CHECK(container.find("web") == User{33, 34, {26, 27}, "/srv/web"});
  CHECK(container.find("33") == User{33, 34, {26, 27}, "/srv/web"});
  CHECK(container.find("web:tape") == User{33, 26, {}, "/srv/web"});
  CHECK(container.find("web:99") == User{33, 99, {}, "/srv/web"});
  CHECK(container.find("0:0") == User{0, 0, {}, "/root"});
  CHECK(container.find("5000") == User{5000, 0, {}, ""});
  CHECK(container.find("5000:6000") == User{5000, 6000, {}, ""});
  CHECK(container.find("") == User{});
}

TEST_CASE("a number wins over a name that looks like it", "[users]") {
  const Container container;
  CHECK(container.find("1234").user == 1234U);
  CHECK(container.find("77").home == "/number");
}

TEST_CASE("groups are added by name and by number", "[users]") {
  const Container container;
  CHECK(container.find("5", {"tape", "99"}) == User{5, 0, {26, 99}, ""});
  CHECK(container.find("web", {"99"}).more_groups == std::vector<std::uint32_t>{26, 27, 99});
  CHECK(container.find("", {"tape"}) == User{0, 0, {26}, ""});
}

TEST_CASE("whom the container does not know is refused in Docker's words", "[users]") {
  const Container container;
  CHECK(container.refuses("nosuch") == "unable to find user nosuch: no matching entries in passwd file");
  CHECK(container.refuses("web:nosuch") == "unable to find group nosuch: no matching entries in group file");
  CHECK(contains(container.refuses("0", {"nosuch"}), "unable to find group nosuch"));
  CHECK(contains(container.refuses("half a row"), "unable to find user"));
  CHECK(contains(container.refuses("big"), "unable to find user"));
}

TEST_CASE("a number that the map lacks is refused", "[users]") {
  const Container container;
  const IdMaps ten{.way = IdMaps::Way::parent, .users = {{0, 1000, 10}}, .groups = {{0, 1000, 40}}};
  CHECK(container.refuses("9:39", {"39"}, ten).empty());
  CHECK(
      contains(container.refuses("10", {}, ten), "user 10 does not exist in the container's user namespace"));
  CHECK(contains(container.refuses("9:40", {}, ten), "group 40 does not exist"));
  CHECK(contains(container.refuses("9", {"40"}, ten), "group 40 does not exist"));
  const IdMaps alone{.way = IdMaps::Way::alone, .users = {{0, 1000, 1}}, .groups = {{0, 1000, 1}}};
  CHECK(contains(container.refuses("0:0", {"0"}, alone), "without newgidmap"));
}

TEST_CASE("with one number alone nobody gets groups that they did not ask for", "[users]") {
  const Container container;
  const IdMaps alone{.way = IdMaps::Way::alone, .users = {{0, 1000, 1}}, .groups = {{0, 1000, 1}}};
  CHECK(container.find("root").more_groups == std::vector<std::uint32_t>{26});
  CHECK(container.find("root", {}, alone) == User{0, 0, {}, "/root"});
}

TEST_CASE("a container without lists of accounts knows numbers only", "[users]") {
  const Container container;
  fs::remove_all(container.root / "etc");
  CHECK(container.find("7:8") == User{7, 8, {}, ""});
  CHECK(contains(container.refuses("root"), "unable to find user root"));
}

TEST_CASE("a link to the host's passwd is followed inside the container", "[users][security]") {
  const Container container;
  const fs::path passwd = container.root / "etc/passwd";
  fs::remove(passwd);
  fs::create_symlink(container.outer.path() / "passwd", passwd);  // absolute: nothing there, inside
  CHECK(contains(container.refuses("secret"), "unable to find user secret"));
  fs::remove(passwd);
  fs::create_symlink("../../passwd", passwd);
  CHECK(contains(container.refuses("secret"), "unable to find user secret"));
  Container::write(container.root / "passwd", "inner:x:8:8::/inner:\n");
  CHECK(container.find("inner").user == 8U);
}

TEST_CASE("a list of accounts that is no plain file, or huge, is refused at once", "[users][security]") {
  const Container container;
  const fs::path passwd = container.root / "etc/passwd";
  const auto begin = std::chrono::steady_clock::now();
  fs::remove(passwd);
  REQUIRE(::mkfifo(passwd.c_str(), 0600) == 0);
  CHECK(contains(container.refuses("web"), "/etc/passwd is no regular file"));
  fs::remove(passwd);
  fs::create_directory(passwd);
  CHECK(contains(container.refuses("web"), "/etc/passwd is no regular file"));
  fs::remove(passwd);
  Container::write(passwd, "");
  fs::resize_file(passwd, 1ULL << 40);  // a hole of a tebibyte
  CHECK(contains(container.refuses("web"), "larger than a mebibyte"));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{5});
}

TEST_CASE("a list of a mebibyte is still read", "[users]") {
  const Container container;
  std::string text(1024 * 1024 - 24, '\n');
  text += "end:x:3:4::/home/at/end:";
  REQUIRE(text.size() == 1024 * 1024);
  Container::write(container.root / "etc/passwd", text);
  CHECK(container.find("end").home == "/home/at/end");
  Container::write(container.root / "etc/passwd", text + "\n");
  CHECK(contains(container.refuses("end"), "larger than a mebibyte"));
}

TEST_CASE("bytes that are no text harm nobody", "[users][security]") {
  const Container container;
  constexpr char kBytes[] = "\0\xff:x:1:1:\0:/\0:\nweb:x:33:34:\xfe:/w:\n";
  Container::write(container.root / "etc/passwd", std::string{kBytes, sizeof kBytes - 1});
  CHECK(container.find("web").home == "/w");
}

TEST_CASE("HOME is the user's unless somebody says otherwise", "[users]") {
  const Spec spec{.environment = {"HOME=/else", "A=b"}};
  CHECK(at_home({.home = "/srv/web"}, spec).environment ==
        std::vector<std::string>{"HOME=/srv/web", "HOME=/else", "A=b"});
  CHECK(at_home({}, spec).environment == spec.environment);
}
