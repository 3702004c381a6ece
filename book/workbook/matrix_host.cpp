// The methods that look at the host while a container runs, or afterwards: whether a file or a mount there is
// another one, whether somebody who swaps links meanwhile gets something out, who listens.
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/matrix_methods.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"
#include "common/process.hpp"

namespace dockwright::workbook::matrix {

namespace fs = std::filesystem;

Answer changed_host(const Request& request) {
  const auto files = request.scene->fingerprint();
  const auto mounts = World::mounts();
  const auto finished = run_program(request.line, request.options);
  const bool same = request.scene->fingerprint() == files && World::mounts() == mounts;
  if (!same) return {.word = "changed"};
  if (finished.exit_code != 0) return trouble(finished);
  return {.word = "untouched"};
}

namespace {

/// The attacker: swaps a directory of the image with the link beside it, until it is killed. As fast as it
/// can for a while, then it lets the directory stand for a moment, so that some starts get far enough to be
/// caught.
[[noreturn]] void keep_swapping(const fs::path& directory) {
  const auto link = directory.string() + "-link";
  while (true) {
    for (int swap = 0; swap < 200; ++swap)  // an even number: the directory is back in its place
      if (::renameat2(AT_FDCWD, directory.c_str(), AT_FDCWD, link.c_str(), RENAME_EXCHANGE) == -1) ::_exit(1);
    ::usleep(500);
  }
}

/// The directory that the scene has put a link beside.
fs::path swapped_directory(const fs::path& root) {
  return root / (fs::is_symlink(root / "dev-link") ? "dev" : "srv/volume");
}

}  // namespace

Answer race_for_a_link(const Request& request) {
  const auto files = request.scene->fingerprint();
  const auto mounts = World::mounts();
  const auto directory = swapped_directory(request.world.rootfs());
  Process attacker = spawn({.speaker = "the attacker"}, [&] { keep_swapping(directory); });
  int succeeded = 0;
  Finished last;
  for (int start = 0; start < request.starts; ++start) {
    last = run_program(request.line, request.options);
    if (last.exit_code == 0) ++succeeded;
  }
  const bool swapped_all_along = ::access(fmt::format("/proc/{}", attacker.pid()).c_str(), F_OK) == 0;
  attacker.signal(SIGKILL);
  const int end = attacker.wait();
  if (request.scene->fingerprint() != files || World::mounts() != mounts) return {.word = "changed"};
  if (!swapped_all_along || end != 128 + SIGKILL)
    return {.word = "tired", .trouble = "the attacker ended by itself"};
  if (succeeded == 0) return trouble(last);
  return {.word = "untouched",
          .trouble = fmt::format("{} of {} starts succeeded", succeeded, request.starts)};
}

namespace {

/// Sockets with a name that belongs to no file, by their inode. @man{unix,7}
std::set<std::string> abstract_names() {
  std::set<std::string> inodes;
  std::ifstream table{"/proc/net/unix"};
  for (std::string line; std::getline(table, line);) {
    // "Num RefCount Protocol Flags Type St Inode Path": an abstract name begins with '@'
    std::istringstream words{line};
    std::string skipped, inode, path;
    for (int i = 0; i < 6; ++i) words >> skipped;
    words >> inode >> path;
    if (path.starts_with('@')) inodes.insert(fmt::format("socket:[{}]", inode));
  }
  return inodes;
}

bool holds_one_of(int pid, const std::set<std::string>& sockets) {
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(fmt::format("/proc/{}/fd", pid), gone))
    if (sockets.contains(fs::read_symlink(entry.path(), gone).string())) return true;
  return false;
}

}  // namespace

Answer abstract_sockets(const Request& request) {
  Child child{request.line, request.options};
  if (!child.wait_for_output(5000)) {
    child.kill();
    return {.word = "silent", .trouble = "the command did not start"};
  }
  const auto sockets = abstract_names();
  bool listens = false;
  for (const int pid : processes())
    if (pid != 1 && pid != ::getpid() && pid != request.world.sentinel() && holds_one_of(pid, sockets))
      listens = true;
  child.kill();
  return {.word = listens ? "listens" : "silence"};
}

}  // namespace dockwright::workbook::matrix
