#include "book/workbook/matrix_setup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/xattr.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <stdexcept>

#include "common/check.hpp"

namespace dockwright::workbook::matrix {

namespace fs = std::filesystem;

namespace {

constexpr gid_t kGroup = 4242;  // a group of the caller's that the container was never given
constexpr const char* kKey = "dockwright-attack";

// ---- what an image may hold
// ------------------------------------------------------------------------------------

/// A directory of the image that is a link: to an empty directory of the image's own.
void link_away(const Stage& stage, const char* name) {
  const auto root = stage.world.rootfs();
  fs::create_directories(root / "srv" / "place");
  check(::rmdir((root / name).c_str()), "remove /{}", name);
  fs::create_symlink("srv/place", root / name);
}

/// Targets for a volume that lead out of the root, for whoever follows them: from the host's root, by
/// climbing, and by a magic link of /proc.
void make_volume_links(const Stage& stage) {
  const auto srv = stage.world.rootfs() / "srv";
  const auto target = (stage.world.host() / "target").string();
  fs::create_symlink(target, srv / "absolute");
  fs::create_symlink("../../../../../../../.." + target, srv / "climbing");
  fs::create_symlink("/proc/1/root" + target, srv / "magic");
}

/// A link beside a directory of the image's, which an attacker then swaps with it: see the method `race`.
void make_link_beside(const Stage& stage, const char* directory) {
  const auto place = stage.world.rootfs() / directory;
  fs::create_directories(place);
  fs::create_symlink(stage.world.host() / "target", place.string() + "-link");
}

/// Users that are root to a careless reader: a number that does not fit, one that is not a number, a name
/// that looks like a number.
void write_hostile_passwd(const Stage& stage) {
  std::ofstream{stage.world.rootfs() / "etc" / "passwd"} << "1000:x:0:0:a number that is a name:/:/bin/sh\n"
                                                            "wide:x:4294967296:4294967296::/:/bin/sh\n"
                                                            "none:x:-1:-1::/:/bin/sh\n"
                                                            "word:x:zero:zero::/:/bin/sh\n"
                                                            "empty:x::::/:/bin/sh\n";
  std::ofstream{stage.world.rootfs() / "etc" / "group"} << "1000:x:0:\nwide:x:4294967296:\n";
}

/// An image in which names are looked up by a library of its own (CVE-2019-14271).
void plant_library(const Stage& stage) {
  const auto root = stage.world.rootfs();
  std::ofstream{root / "etc" / "nsswitch.conf"} << "passwd: planted\ngroup: planted\n";
  std::ofstream{root / "etc" / "passwd"} << "daemon:x:1:1::/:/bin/sh\n";
  const auto library = stage.world.program_built().parent_path() / "libnss_planted.so.2";
  for (const auto* place : {"lib", "usr/lib", "lib64", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"}) {
    fs::create_directories(root / place);
    fs::copy_file(library, root / place / "libnss_planted.so.2");
  }
}

/// What a runtime that is linked dynamically loads first when it is started inside: a loader of the image's.
void plant_interpreter(const Stage& stage) {
  const auto directory = stage.world.rootfs() / "lib64";
  fs::create_directories(directory);
  fs::copy_file(stage.world.program_built().parent_path() / "attack-interpreter",
                directory / "ld-linux-x86-64.so.2");
}

fs::path copy_of_program(const Stage& stage, const std::string& suffix) {
  const auto copy = stage.world.rootfs() / "bin" / (stage.world.program().filename().string() + suffix);
  fs::copy_file(stage.world.program(), copy);
  return copy;
}

void make_setuid_copy(const Stage& stage) {
  const auto copy = copy_of_program(stage, "-setuid");
  check(::chmod(copy.c_str(), 04755), "make {} setuid", copy.string());
}

/// A program that gives its user CAP_DAC_OVERRIDE if the user may inherit it (CVE-2022-24769).
void make_inheriting_copy(const Stage& stage) {
  const auto copy = copy_of_program(stage, "-inheriting");
  vfs_cap_data powers{};
  powers.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE;
  powers.data[0].inheritable = 1U << CAP_DAC_OVERRIDE;
  check(::setxattr(copy.c_str(), XATTR_NAME_CAPS, &powers, XATTR_CAPS_SZ_2, 0), "give {} powers",
        copy.string());
}

void make_group_file(const Stage& stage) {
  const auto file = stage.world.rootfs() / "srv" / "group-secret";
  std::ofstream{file} << "for the group\n";
  check(::chown(file.c_str(), 0, kGroup), "give {} to a group", file.string());
  check(::chmod(file.c_str(), 0640), "let the group read {}", file.string());
}

/// The host's kernel log as a device of the image: a layer may hold one.
void make_device(const Stage& stage) {
  const auto file = stage.world.rootfs() / "srv" / "device";
  check(::mknod(file.c_str(), S_IFCHR | 0666, makedev(1, 11)), "make {}", file.string());
}

/// A source of a volume that the host does not have, and the image has under the same path.
void make_decoy(const Stage& stage) {
  fs::create_directories(stage.world.rootfs().string() + stage.world.host().string() + "/missing/decoy");
}

// ---- the runtime and its caller
// --------------------------------------------------------------------------------

/// A copy of the runtime that may be overwritten.
void use_throw_away_copy(const Stage& stage) {
  if (stage.runtime.program.empty()) return;
  const auto directory = stage.world.host() / "throw-away";
  fs::create_directories(directory);
  const auto copy = directory / stage.runtime.program.filename();
  fs::copy_file(fs::canonical(stage.runtime.program), copy);
  stage.runtime.program = copy;
}

void make_all_inheritable() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> sets{};
  check(::syscall(SYS_capget, &header, sets.data()), "read the capabilities");
  for (auto& set : sets) set.inheritable = set.permitted;
  check(::syscall(SYS_capset, &header, sets.data()), "make all capabilities inheritable");
}

/// In a session keyring of its own, which goes with the last process that has it.
void keep_a_key() {
  constexpr std::string_view kSecret = "the caller's secret";
  check(::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr), "make a session keyring");
  check(::syscall(SYS_add_key, "user", kKey, kSecret.data(), kSecret.size(), KEY_SPEC_SESSION_KEYRING),
        "keep a key");
}

void join_group() {
  const std::array<gid_t, 2> groups = {0, kGroup};
  check(::setgroups(groups.size(), groups.data()), "join a group");
}

using InRoot = void (*)(const Stage&);

const std::map<std::string_view, InRoot>& words_of_the_root() {
  static const std::map<std::string_view, InRoot> words = {
      {"scene", [](const Stage&) {}},
      {"link-proc", [](const Stage& stage) { link_away(stage, "proc"); }},
      {"link-sys", [](const Stage& stage) { link_away(stage, "sys"); }},
      {"link-dev", [](const Stage& stage) { link_away(stage, "dev"); }},
      {"volume-links", make_volume_links},
      {"swapped-volume", [](const Stage& stage) { make_link_beside(stage, "srv/volume"); }},
      {"swapped-dev", [](const Stage& stage) { make_link_beside(stage, "dev"); }},
      {"hostile-passwd", write_hostile_passwd},
      {"planted-library", plant_library},
      {"planted-interpreter", plant_interpreter},
      {"setuid-copy", make_setuid_copy},
      {"inheriting-copy", make_inheriting_copy},
      {"group-file", make_group_file},
      {"device", make_device},
      {"decoy", make_decoy},
      {"throw-away-runtime", use_throw_away_copy},
  };
  return words;
}

/// Done in the child, before it becomes the runtime.
std::map<std::string_view, std::function<void()>> words_of_the_caller(const fs::path& host) {
  return {
      {"caller-umask", [] { ::umask(0); }},
      {"caller-group", join_group},
      {"caller-inheritable", make_all_inheritable},
      {"caller-key", keep_a_key},
      {"caller-directory", [host] { check(::chdir(host.c_str()), "enter {}", host.string()); }},
  };
}

}  // namespace

std::function<void()> prepare(const Stage& stage, const std::string& word) {
  if (const auto found = words_of_the_root().find(word); found != words_of_the_root().end()) {
    found->second(stage);
    return {};
  }
  const auto callers = words_of_the_caller(stage.world.host());
  if (const auto found = callers.find(word); found != callers.end()) return found->second;
  throw std::runtime_error(
      fmt::format("'{}' is no setup: it is one of {}", word, fmt::join(setup_words(), ", ")));
}

std::vector<std::string_view> setup_words() {
  std::vector<std::string_view> words;
  for (const auto& [word, unused] : words_of_the_root()) words.push_back(word);
  for (const auto& [word, unused] : words_of_the_caller({})) words.push_back(word);
  return words;
}

}  // namespace dockwright::workbook::matrix
