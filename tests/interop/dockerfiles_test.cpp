// Dockerfiles of many features, built by `buildah build` and by us from one base and one context: the same
// configuration and the same file tree (names, types, modes, owners, contents, links, attributes; not times).
// Buildah mounts both, so neither of us tells its own story. Where we chose to differ, README.md beside this
// file says why, and this program knows it by name.

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/stages/shell.hpp"

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

const fs::path kCases = fs::path{"tests"} / "interop" / "dockerfiles";

std::string read(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

/// What stands behind `# WORD: ` at the beginnings of lines.
std::string told(const std::string& dockerfile, const std::string& word, const char* between) {
  std::string all;
  std::istringstream lines{dockerfile};
  const std::string begin = "# " + word + ": ";
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(begin)) all += line.substr(begin.size()) + between;
  return all;
}

/// The base and the context, and a store of each builder's own.
constexpr const char* kRoom =
    "set -e -o pipefail; export DOCKWRIGHT_ROOT=$PWD/store SOURCE_DATE_EPOCH=1700000000\n"
    "mkdir -p ctx/dir/sub ctx/links ctx/special/empty && cd ctx && umask 022\n"
    "echo a > a.txt; echo b > b.txt; echo space > 'with space.txt'; echo s3cret > ../secret.txt\n"
    "printf '#!/bin/sh\\necho script\\n' > script.sh; chmod 755 script.sh\n"
    "echo one > dir/one; echo two > dir/two; echo three > dir/sub/three; chmod 700 dir/sub; chmod 600 "
    "dir/two\n"
    "ln -s ../a.txt links/to-file; ln -s /etc/passwd links/absolute; ln -s gone links/dangling; ln -s ../dir "
    "links/to-dir\n"
    "echo x > special/setuid; chmod 4755 special/setuid; mkdir -p special/sticky; chmod 1777 special/sticky\n"
    "tar -czf archive.tar.gz --owner=5 --group=6 dir special; cd ..\n"
    "tar -C rootfs -c --sort=name --owner=0 --group=0 --mtime=@0 . | stage12 import -c 'CMD [\"sh\"]' -c "
    "'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "
    "busybox > /dev/null\n"
    "stage12 save -o base.tar busybox\n";

constexpr const char* kBuildah =
    "export DOCKWRIGHT_ROOT=$PWD/store SOURCE_DATE_EPOCH=1700000000; set -e -o pipefail\n"
    "export TMPDIR=$PWD; buildah() { command buildah --root $PWD/p --runroot $PWD/r --storage-driver overlay "
    "--log-level error "
    "\"$@\"; }\n";

/// Buildah's own remarks, and what means the same as nothing.
Json normal(Json config) {
  Json kept;
  for (const auto& [key, value] : config.items()) {
    static const std::vector<std::string> remarks{"Image", "Hostname", "Domainname", "ArgsEscaped"};
    if (std::find(remarks.begin(), remarks.end(), key) != remarks.end()) continue;
    Json entry = value;
    if (key == "Labels" && entry.is_object()) entry.erase("io.buildah.version");
    if (entry.is_null() || entry == false || entry == "" || entry == Json::array() || entry == Json::object())
      continue;
    if (key == "Env") std::sort(entry.begin(), entry.end());
    kept[key] = entry;
  }
  return kept;
}

/// A line for each thing that a configuration says.
std::string config_of(const fs::path& path) {
  const Json document = Json::parse(read(path));
  const Json config = normal(document.value("config", Json::object()));
  std::string text;
  for (const auto& [key, value] : config.items()) text += key + " " + value.dump() + "\n";
  return text + "architecture " + document.at("architecture").dump() + "\nos " + document.at("os").dump() +
         "\n";
}

/// Lines that only one of two lists has.
std::string difference(const std::string& ours, const std::string& theirs) {
  std::map<std::string, int> count;
  std::istringstream a{ours};
  std::istringstream b{theirs};
  for (std::string line; std::getline(a, line);) ++count[line];
  for (std::string line; std::getline(b, line);) --count[line];
  std::string text;
  for (const auto& [line, more] : count)
    if (more != 0) text += (more > 0 ? "+ " : "- ") + line + "\n";
  return text;
}

std::vector<fs::path> cases() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator{kCases}) all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

/// The differences that we chose, ours with a plus, by case; README.md says why.
const std::multimap<std::string, std::string> kChosen = {
    {"copy-everything", "+ srv/special/setuid 104755 0:0 x1 2 73cb3858a687"},
    {"copy-everything", "- srv/special/setuid 100755 0:0 x1 2 73cb3858a687"},
    {"copy-ignored", "+ all/special/setuid 104755 0:0 x1 2 73cb3858a687"},
    {"copy-ignored", "- all/special/setuid 100755 0:0 x1 2 73cb3858a687"},
    {"copy-setuid-and-empty", "+ special/setuid 104755 0:0 x1 2 73cb3858a687"},
    {"copy-setuid-and-empty", "- special/setuid 100755 0:0 x1 2 73cb3858a687"},
    {"escape-directive",
     R"(+ Env ["P=C:\\dir","PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])"},
    {"escape-directive",
     R"(- Env ["P=C:dir","PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])"},
    {"run-mount-cache", "- var/cache 40755 0:0"},
    {"run-mount-secret", "- run/secrets 40755 0:0"},
    {"run-shell-instruction", R"(+ Cmd ["/bin/sh","-e","-c","echo hi"])"},
    {"run-shell-instruction", R"(- Cmd ["/bin/sh","-c","echo hi"])"},
    {"workdir", "+ one/two/three 40755 0:0"},
};

std::string without_chosen(const std::string& name, const std::string& text) {
  std::string rest;
  std::istringstream lines{text};
  const auto [first, last] = kChosen.equal_range(name);
  for (std::string line; std::getline(lines, line);)
    if (std::none_of(first, last, [&](const auto& chosen) { return chosen.second == line; }))
      rest += line + "\n";
  return rest;
}

}  // namespace

TEST_CASE("buildah and we make the same of a Dockerfile", "[interop][dockerfiles]") {
  NEEDS_ROOT();
  const Shell shell;
  if (shell("command -v buildah && command -v skopeo").code != 0) {
    WARN("skipped: needs buildah and skopeo");
    return;
  }
  const Result room = shell(std::string{kRoom} + kBuildah +
                            "buildah pull -q docker-archive:base.tar > /dev/null; buildah images -q | wc -l");
  CAPTURE(room.output);
  REQUIRE(room.output == "1\n");
  REQUIRE(cases().size() >= 40);
  const char* const only = std::getenv("CASE");  // to look at one of them
  for (const fs::path& path : cases()) {
    const std::string name = path.stem();
    if (only != nullptr && name != only) continue;
    const std::string dockerfile = read(path);
    const std::string flags = told(dockerfile, "flags", " ");
    std::ofstream{shell.directory() / "Dockerfile"} << dockerfile;
    std::ofstream{shell.directory() / "ctx/.dockerignore"} << told(dockerfile, "ignore", "\n");
    const Result built =
        shell(std::string{kBuildah} + "stage12 build -q -t ours -f Dockerfile " + flags +
              "ctx > ours.log 2>&1 || { cat ours.log; exit 1; }\n"
              // crun knows no hybrid hierarchy of control groups.
              "RUNC=$(command -v runc || true)\n"
              "buildah build -q --layers ${RUNC:+--runtime $RUNC} --format docker -t theirs -f Dockerfile " +
              flags +
              "ctx > theirs.log 2>&1 || { cat theirs.log; exit 2; }\n"
              "rm -rf ours.tar theirs.tar; stage12 save -o ours.tar ours; buildah push -q theirs "
              "docker-archive:theirs.tar:theirs:latest\n"
              "buildah pull -q docker-archive:ours.tar > /dev/null\n"
              "for who in ours theirs; do skopeo inspect --config --raw docker-archive:$who.tar > $who.json\n"
              "box=$(buildah from --pull-never -q $who); list-tree $(buildah mount $box) > $who.tree; "
              "buildah rm $box > "
              "/dev/null; done");
    INFO(name << "\n" << built.output);
    CHECK(built.code == 0);
    if (built.code != 0) continue;
    const std::string tree =
        difference(read(shell.directory() / "ours.tree"), read(shell.directory() / "theirs.tree"));
    const std::string config =
        difference(config_of(shell.directory() / "ours.json"), config_of(shell.directory() / "theirs.json"));
    CHECK(without_chosen(name, tree + config) == "");
  }
}

namespace {

/// An image of ours with a user, a directory, an entrypoint and a command, as `ours`, and its archive.
constexpr const char* kOurs = R"sh(
export DOCKWRIGHT_ROOT=$PWD/store
tar -C rootfs -c --owner=0 --group=0 . | stage12 import - busybox > /dev/null; mkdir -p c
cat > c/Dockerfile <<'END'
FROM busybox
RUN echo "app:x:77:88:App:/home/app:/bin/sh" >> /etc/passwd && mkdir -p /home/app && chown 77:88 /home/app
ENV WORD=hello
USER app
WORKDIR /home/app
ENTRYPOINT ["sh", "-c", "echo $WORD $0; id -u; pwd; touch mine && echo wrote"]
CMD ["world"]
END
stage12 build -q -t ours c > /dev/null; stage12 save -o ours.tar ours
# crun knows no hybrid hierarchy of control groups; this mount namespace is ours.
umount /sys/fs/cgroup/unified 2> /dev/null
)sh";

}  // namespace

TEST_CASE("podman runs the image that we have built as we do", "[interop][podman]") {
  NEEDS_ROOT();
  const Shell shell;
  if (shell("command -v podman").code != 0) {
    WARN("skipped: needs podman");
    return;
  }
  CHECK_SCRIPT(shell, std::string{kOurs} + R"(
P="--root $PWD/p --runroot $PWD/r --storage-driver vfs --log-level error --tmpdir $PWD/t --cgroup-manager cgroupfs"
R=$(command -v runc || command -v crun); podman $P load -q -i ours.tar > /dev/null
run() { "$@" ours; "$@" ours you; }
run podman $P run --rm --network none --runtime $R --ulimit nofile=512:512 --ulimit nproc=512:512 > theirs
run stage12 run > we; cmp theirs we && cat theirs)",
               0, "hello world\n77\n/home/app\nwrote\nhello you\n77\n/home/app\nwrote\n");
}

TEST_CASE("crun runs the files that we have built", "[interop][crun]") {
  NEEDS_ROOT();
  const Shell shell;
  if (shell("command -v crun && command -v jq").code != 0) {
    WARN("skipped: needs crun and jq");
    return;
  }
  const std::string script = std::string{kOurs} + R"sh(
stage12 build -q -o bundle/rootfs c > /dev/null; cd bundle; crun spec
jq '.process.args = ["sh", "-c", "tail -n 1 /etc/passwd; id -u"] | .process.terminal = false | del(.linux.resources)
  | .process.user = {"uid": 77, "gid": 88}
  | .linux.namespaces |= map(select(.type != "cgroup"))' config.json > changed && mv changed config.json
crun --root $PWD/crun --cgroup-manager=disabled run interop-$$)sh";
  CHECK_SCRIPT(shell, script, 0, "app:x:77:88:App:/home/app:/bin/sh\n77\n");
}
