#include "book/workbook/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "book/workbook/doctor_laboratory.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

/// A program of PATH. With a version, its `--version` has to say at least that.
struct Program {
  const char* name;
  const char* version;  ///< "" when any will do
  bool needed;
  const char* package;
  const char* lost;
};

constexpr Program kPrograms[] = {
    {"g++", "12", true, "g++", "nothing can be compiled"},
    {"cmake", "3.25", true, "cmake", "nothing can be configured"},
    {"ninja", "", true, "ninja-build", "the presets cannot build"},
    {"ccache", "", false, "ccache", "building again takes as long as the first time"},
    {"strace", "", false, "strace", "`workbook trace` and `compare` cannot list system calls"},
    {"git", "", false, "git", "`workbook propagate` cannot merge"},
    {"qemu-system-x86_64", "", false, "qemu-system-x86",
     "there is no laboratory (`workbook lab`), and `tests/bench/vm` cannot time a virtual machine"},
    {"doxygen", "1.9.4", false, "doxygen", "the pages of the book cannot be built"},
    {"chromium", "", false, "chromium", "the tests that read the book in a browser"},
    {"newuidmap", "", false, "uidmap", "a container that you run without root has one user"},
    {"sudo", "", false, "sudo", "`sudo` before a command; stages 2 and up then need a root shell"},
};

struct Library {
  const char* name;
  std::vector<std::string> files;  ///< one of them is enough
  const char* package;
  const char* lost;
  bool needed = true;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> all = {
      {"CLI11", {"/usr/include/CLI/CLI.hpp"}, "libcli11-dev", "no program of ours can be built"},
      {"fmt", {"/usr/include/fmt/format.h"}, "libfmt-dev", "no program of ours can be built"},
      {"yaml-cpp", {"/usr/include/yaml-cpp/yaml.h"}, "libyaml-cpp-dev", "the workbook cannot be built"},
      {"libseccomp",
       {"/usr/include/seccomp.h"},
       "libseccomp-dev",
       "stage 7 and what builds on it cannot be built"},
      {"nettle", {"/usr/include/nettle/sha2.h"}, "nettle-dev", "no program of ours can be built"},
      {"libcurl",
       {"/usr/include/x86_64-linux-gnu/curl/curl.h", "/usr/include/aarch64-linux-gnu/curl/curl.h",
        "/usr/include/curl/curl.h"},
       "libcurl4-openssl-dev",
       "registry-client cannot be built, which stage 10 speaks to registries by"},
      {"libmicrohttpd",
       {"/usr/include/microhttpd.h"},
       "libmicrohttpd-dev",
       "stage 10's registry cannot be built"},
      {"nlohmann-json",
       {"/usr/include/nlohmann/json.hpp"},
       "nlohmann-json3-dev",
       "the workbook cannot be built"},
      {"libarchive",
       {"/usr/include/archive.h"},
       "libarchive-dev",
       "stage 8 and what builds on it cannot be built"},
      {"zlib", {"/usr/include/zlib.h"}, "zlib1g-dev", "stage 8 and what builds on it cannot be built"},
      {"zstd", {"/usr/include/zstd.h"}, "libzstd-dev", "stage 8 and what builds on it cannot be built"},
      {"Catch2",
       {"/usr/include/catch2/catch.hpp", "/usr/include/catch2/catch_all.hpp"},
       "catch2",
       "the tests cannot be built"},
      {"doxygen-awesome",
       {"/usr/share/doxygen-awesome-css/doxygen-awesome.css"},
       "doxygen-awesome-css",
       "the pages of the book cannot be built",
       false}};
  return all;
}

/// The first word that looks like a version in what a program says of itself.
std::string version_of(const std::filesystem::path& program) {
  const auto said = run_program({program.string(), "--version"}).out;
  for (const auto& word : split_words(said))
    if (std::isdigit(static_cast<unsigned char>(word.front())) != 0 && contains_text(word, "."))
      return word.substr(0, word.find_first_not_of("0123456789."));
  return "";
}

Finding find(const Machine& machine, const Program& wanted) {
  Finding finding{
      .name = fmt::format("{}{}{}", wanted.name, *wanted.version != '\0' ? " " : "", wanted.version),
      .needed = wanted.needed,
      .there = false,
      .seen = "",
      .package = wanted.package,
      .lost = wanted.lost};
  const auto program = machine.program(wanted.name);
  if (program.empty()) return finding;
  finding.seen = *wanted.version == '\0' ? program.string() : version_of(program);
  finding.there = *wanted.version == '\0' || is_at_least(finding.seen, wanted.version);
  if (!finding.there) finding.seen += " is too old";
  return finding;
}

Finding find(const Machine& machine, const Library& wanted) {
  Finding finding{.name = wanted.name,
                  .needed = wanted.needed,
                  .there = false,
                  .seen = "",
                  .package = wanted.package,
                  .lost = wanted.lost};
  for (const auto& file : wanted.files)
    if (machine.has_file(file)) finding.seen = file;
  finding.there = !finding.seen.empty();
  return finding;
}

/// A program of Debian's package `busybox` names the loader of its libraries, and a container has neither.
Finding find_busybox(const Machine& machine) {
  const auto program = machine.program("busybox");
  const bool there = !program.empty() && !contains_text(read_file(program), "/ld-linux");
  return {.name = "busybox, static",
          .needed = true,
          .there = there,
          .seen = program.string() + (there || program.empty() ? "" : " is linked dynamically"),
          .package = "busybox-static",
          .lost = "there is no root file system for stages 2 and up"};
}

Finding find_kernel(const Machine& machine) {
  const auto kernel = machine.kernel();
  const bool there = is_at_least(kernel, "5.12");
  return {
      .name = "Linux 5.12",
      .needed = true,
      .there = there,
      .seen = kernel.empty() ? "unknown: /proc is not mounted" : kernel,
      .package = kernel.empty() ? "mount -t proc proc /proc" : "a kernel of Debian 12, Ubuntu 24.04 or later",
      .lost = "stage 4 cannot make its mounts read-only (mount_setattr)"};
}

/// What the chapters so far do without. @param chapter the one that will want it
std::string lost_later(const char* what, int chapter) {
  return fmt::format("nothing yet; {} will be chapter {}, which is not written", what, chapter);
}

Finding find_cgroups(const Machine& machine) {
  using Mode = Machine::CgroupMode;
  const auto mode = machine.cgroup_mode();
  const char* seen = mode == Mode::v2       ? "version 2"
                     : mode == Mode::hybrid ? "version 1, with an almost empty version 2 beside it"
                     : mode == Mode::v1     ? "version 1"
                                            : "not mounted";
  return {.name = "cgroup version 2",
          .needed = false,
          .there = mode == Mode::v2,
          .seen = seen,
          .package = "start the kernel with systemd.unified_cgroup_hierarchy=1",
          .lost = "little: limits work with version 1, too, and `workbook lab` has version 2"};
}

Finding find_user_namespaces(const Machine& machine) {
  const auto why_not = machine.no_user_namespaces();
  std::string cure = "a kernel with CONFIG_USER_NS";
  if (contains_text(why_not, "max_user_namespaces")) cure = "sysctl user.max_user_namespaces=10000";
  if (contains_text(why_not, "unprivileged_userns_clone")) cure = "sysctl kernel.unprivileged_userns_clone=1";
  if (contains_text(why_not, "AppArmor")) cure = "sysctl kernel.apparmor_restrict_unprivileged_userns=0";
  return {.name = "user namespaces",
          .needed = false,
          .there = why_not.empty(),
          .seen = why_not.empty() ? "a user may make them" : why_not,
          .package = why_not.empty() ? "" : cure,
          .lost = "containers without root (chapter 6): every stage needs sudo"};
}

/// A file system that the kernel knows: listed, or a module of it lies there.
Finding find_overlay(const Machine& machine) {
  bool there = machine.has_file("/proc/filesystems") &&
               contains_text(read_file(machine.file("/proc/filesystems")), "overlay");
  const auto module = fmt::format("/lib/modules/{}/kernel/fs/overlayfs", machine.kernel());
  there = there || machine.has_file(module);
  return {.name = "overlay file system",
          .needed = false,
          .there = there,
          .seen = there ? "the kernel has it" : "",
          .package = "a kernel with CONFIG_OVERLAY_FS",
          .lost = lost_later("layers", 8)};
}

Finding find_seccomp(const Machine& machine) {
  const bool there = machine.has_file("/proc/sys/kernel/seccomp/actions_avail");
  return {.name = "seccomp filters",
          .needed = false,
          .there = there,
          .seen = there ? "the kernel has them" : "",
          .package = "a kernel with CONFIG_SECCOMP_FILTER",
          .lost = "stage 7 starts only with --security-opt seccomp=unconfined"};
}

}  // namespace

bool is_at_least(const std::string& version, const std::string& wanted) {
  const char* have = version.c_str();
  const char* want = wanted.c_str();
  while (*want != '\0') {
    char* have_end = nullptr;
    char* want_end = nullptr;
    const long a = std::strtol(have, &have_end, 10), b = std::strtol(want, &want_end, 10);
    if (have_end == have) return false;
    if (a != b) return a > b;
    have = *have_end == '.' ? have_end + 1 : have_end;
    want = *want_end == '.' ? want_end + 1 : want_end;
    if (*have == '\0' && *want != '\0') return std::strtol(want, nullptr, 10) == 0;
  }
  return true;
}

std::vector<Finding> examine(const Machine& machine) {
  std::vector<Finding> findings;
  for (const auto& program : kPrograms) findings.push_back(find(machine, program));
  for (const auto& library : libraries()) findings.push_back(find(machine, library));
  findings.push_back(find_busybox(machine));
  findings.push_back(find_kernel(machine));
  findings.push_back(find_cgroups(machine));
  findings.push_back(find_user_namespaces(machine));
  findings.push_back(find_overlay(machine));
  findings.push_back(find_seccomp(machine));
  for (auto& finding : examine_laboratory(machine)) findings.push_back(std::move(finding));
  return findings;
}

bool is_ill(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.needed && !finding.there; });
}

}  // namespace dockwright::workbook
