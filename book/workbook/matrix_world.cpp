#include "book/workbook/matrix_world.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sched.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "book/workbook/doctor.hpp"
#include "book/workbook/matrix_lab.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook::matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTag = "host-of-the-matrix";  // source of a mount that no root file system holds
constexpr const char* kName = "host-secret";  // name of the sentinel process, at most 15 characters
constexpr std::string_view kHostname = "host-machine";
constexpr key_t kKey = 0x446f636b;
constexpr pid_t kSentinel =
    30001;  // far above the few numbers of a new PID namespace: no container has one like it

/// A process that only waits. Its number is chosen (set_tid), so that the same number inside a container is
/// nobody.
int start_sentinel() {
  std::array<pid_t, 1> wanted = {kSentinel};
  clone_args arguments{};
  arguments.exit_signal = SIGCHLD;
  arguments.set_tid = reinterpret_cast<std::uint64_t>(wanted.data());
  arguments.set_tid_size = wanted.size();
  std::array<char, 16> own{};
  ::prctl(PR_GET_NAME, own.data());
  ::prctl(PR_SET_NAME, kName);  // inherited: it bears its name from the start
  const auto pid = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) ::pause();
  }
  const int error = errno;
  ::prctl(PR_SET_NAME, own.data());
  errno = error;
  check(pid, "start the host's process");
  return static_cast<int>(pid);
}

/// Abstract: the name belongs to the network namespace, not to a file system. Random, since that namespace is
/// shared.
UniqueFd start_server(const std::string& name) {
  UniqueFd server{check(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "make a socket")};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  check(::bind(server.get(), reinterpret_cast<const sockaddr*>(&address), size), "bind the host's socket");
  check(::listen(server.get(), 16), "listen on the host's socket");
  return server;
}

/// A setting of the kernel's, so that whoever sets it can set it to what it is.
std::string setting(const char* path) {
  std::string value;
  std::getline(std::ifstream{path}, value);
  return value;
}

/// How version 2 of the control groups is mounted. There is one for the whole machine, and whoever mounts it
/// once more with other words changes it for all.
std::string options_of_cgroup2() {
  std::ifstream table{"/proc/self/mountinfo"};
  for (std::string line; std::getline(table, line);) {
    // "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate": the last word is the file system's
    // own
    if (line.find(" - cgroup2 ") == std::string::npos) continue;
    const auto words = line.substr(line.rfind(' ') + 1);
    return starts_with(words, "rw,") ? words.substr(3) : std::string{};
  }
  return {};
}

/// Files can be shown under other owners (chapter 6) on ext4; on memory only since Linux 6.3. Before that the
/// root file system is a disk in memory. Where none can be made it stays memory, and the cell that needs it
/// says so.
void mount_disk_if_needed(const fs::path& base, const fs::path& rootfs) {
  if (is_at_least(setting("/proc/sys/kernel/osrelease"), "6.3")) return;
  const auto disk = base / "disk";
  std::ofstream{disk}.flush();
  fs::resize_file(disk, 32 << 20);
  fs::create_directories(rootfs);
  const auto made = run_program({"mke2fs", "-q", "-F", "-t", "ext4", "-O", "^has_journal", disk.string()});
  if (made.exit_code == 0)
    ignore(run_program({"mount", "-o", "loop", disk.string(), rootfs.string()}).exit_code,
           "memory will do for the rest");
}

}  // namespace

void fill_rootfs(const fs::path& rootfs, const fs::path& program) {
  for (const auto* directory : {"bin", "dev", "etc", "mnt", "proc", "root", "srv", "sys", "tmp", "run"})
    fs::create_directories(rootfs / directory);
  fs::copy_file(program, rootfs / "bin" / program.filename());
  fs::create_symlink(program.filename(), rootfs / "bin" / "true");
}

World::World(fs::path base, fs::path program) : base_{std::move(base)}, source_{std::move(program)} {
  check(::mount("laboratory", base_.c_str(), "tmpfs", 0, "mode=755,size=64m"), "mount a tmpfs on {}",
        base_.string());
  const auto outside = base_ / "outside";
  fs::create_directories(outside);
  fs::create_directories(base_ / "layer");
  check(::mount(kTag.data(), outside.c_str(), "tmpfs", 0, "size=1m"), "mount a tmpfs on {}",
        outside.string());
  std::ofstream{outside / "secret"} << "the host's secret\n";
  mount_disk_if_needed(base_, rootfs());
  fill_rootfs(rootfs(), source_);
  restore_hostname();
  check(::shmget(kKey, 4096, IPC_CREAT | 0600), "make shared memory");
  held_open_ = UniqueFd{check(::open(outside.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC), "open a directory")};
  socket_ = laboratory_name();
  server_ = start_server(socket_);
  sentinel_ = start_sentinel();
}

World::~World() {
  if (sentinel_ > 0) {
    ignore(::kill(sentinel_, SIGKILL), "it ends with the laboratory at the latest");
    ignore(::waitpid(sentinel_, nullptr, 0), "as above");
  }
}

std::vector<std::string> World::fill_in(const std::vector<std::string>& arguments) const {
  const std::array<std::pair<std::string_view, std::string>, 11> meanings = {{
      {"{sentinel}", (base_ / "outside" / "secret").string()},
      {"{pid}", std::to_string(sentinel_)},
      {"{name}", kName},
      {"{key}", std::to_string(kKey)},
      {"{socket}", socket_},
      {"{tag}", std::string{kTag}},
      {"{host}", host().string()},
      {"{rootfs}", rootfs().string()},
      {"{layer}", (base_ / "layer").string()},
      {"{cgroup2}", options_of_cgroup2()},
      {"{panic}", setting("/proc/sys/kernel/panic")},
  }};
  auto filled = arguments;
  for (auto& argument : filled)
    for (const auto& [from, to] : meanings) argument = replace_all(argument, from, to);
  return filled;
}

std::vector<std::string> World::mounts() {
  std::ifstream table{"/proc/self/mountinfo"};
  std::vector<std::string> lines;
  for (std::string line; std::getline(table, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  return lines;
}

namespace {

/// A mount's number and place. The rest of its line may change while it stays the same mount.
std::pair<int, std::string> mount_of(const std::string& line) {
  std::istringstream words{line};
  int number = 0;
  std::string parent, device, root, place;
  words >> number >> parent >> device >> root >> place;
  return {number, place};
}

}  // namespace

void World::unmount_new(const std::vector<std::string>& before) {
  std::set<std::pair<int, std::string>> known;
  for (const auto& line : before) known.insert(mount_of(line));
  std::vector<std::pair<int, std::string>> fresh;  // by number: the newest has the highest in most cases
  for (const auto& line : mounts())
    if (const auto mount = mount_of(line); !known.contains(mount)) fresh.push_back(mount);
  std::sort(fresh.rbegin(), fresh.rend());
  for (const auto& [number, place] : fresh)
    ignore(::umount2(place.c_str(), MNT_DETACH), "one above it may have taken it along");
}

std::string World::hostname() {
  std::array<char, 65> name{};
  check(::gethostname(name.data(), name.size()), "read the host's name");
  return name.data();
}

void World::restore_hostname() { check(::sethostname(kHostname.data(), kHostname.size()), "name the host"); }

void World::drop_connections() const {
  while (true) {
    const UniqueFd connection{::accept4(server_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!connection) return;
  }
}

}  // namespace dockwright::workbook::matrix
