// The machine's file systems. Its root is the host's own, shared read-only, with memory on top of it: an
// overlay. So nothing has to be installed, every file can be changed, and all of it is gone at power-off.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "book/workbook/lab/guest.hpp"
#include "common/check.hpp"

namespace dockwright::lab {

namespace {

struct Mount {
  const char* type;
  const char* target;
  unsigned long flags;
  const char* data;
};

constexpr unsigned long kQuiet = MS_NOSUID | MS_NODEV | MS_NOEXEC;

void mount_one(const Mount& mount) {
  make_directories(mount.target);
  check(::mount(mount.type, mount.target, mount.type, mount.flags, mount.data), "mount {} on {}", mount.type,
        mount.target);
}

void make_link(const char* target, const char* path) {
  if (::symlink(target, path) == -1 && errno != EEXIST) check(-1, "make the link {}", path);
}

bool lies_below(const std::string& path, std::string_view directory) {
  return path == directory || path.compare(0, directory.size() + 1, std::string{directory} + "/") == 0;
}

/// Whether a mount there would hide what the caller wants to see: a project may lie in /tmp.
bool hides(const Request& request, const char* target) {
  return lies_below(request.directory, target) || lies_below(request.project, target) ||
         lies_below(request.modules, target);
}

void mount_memory(const Request& request, const char* target, const char* data) {
  if (!hides(request, target)) mount_one({"tmpfs", target, MS_NOSUID | MS_NODEV, data});
}

/// The disk, where the machine has one: a file system on which files can be shown under other owners. Where a
/// project lies in /tmp, it is /var/tmp.
void mount_scratch(const Request& request) {
  constexpr const char* kDisk = "/dev/vda";
  if (::access(kDisk, F_OK) == -1) return mount_memory(request, "/tmp", "mode=1777");
  const char* const target = hides(request, "/tmp") ? "/var/tmp" : "/tmp";
  if (hides(request, target)) return;
  make_directories(target);
  check(::mount(kDisk, target, "ext4", MS_NOSUID | MS_NODEV | MS_NOATIME, nullptr), "mount the disk on {}",
        target);
  check(::chmod(target, 01777), "open {} to all", target);
}

/// The modules of this kernel, where modprobe looks for them.
void mount_modules(const std::string& modules) {
  utsname names{};
  check(::uname(&names), "ask for the kernel's release");
  const auto source = fmt::format("{}/lib/modules/{}", modules, names.release);
  const auto target = fmt::format("/lib/modules/{}", names.release);
  if (modules.empty() || ::access(source.c_str(), F_OK) == -1) return;
  make_directories(target);
  check(::mount(source.c_str(), target.c_str(), nullptr, MS_BIND, nullptr), "bind {} to {}", source, target);
}

/// What udev would make. The kernel loads the driver of /dev/net/tun when somebody opens it, and asks
/// modprobe for it; BusyBox has one where the host has no other.
void offer_devices() {
  make_directories("/dev/net");
  if (::mknod("/dev/net/tun", S_IFCHR | 0666, makedev(10, 200)) == -1 && errno != EEXIST)
    check(-1, "make /dev/net/tun");
  for (const char* device : {"/dev/net/tun", "/dev/fuse"})
    check(::chmod(device, 0666), "open {} to all", device);
  const char* busybox = ::access("/bin/busybox", X_OK) == 0 ? "/bin/busybox" : "/usr/bin/busybox";
  for (const char* path : {"/sbin/modprobe", "/sbin/lsmod"})
    if (::access(path, X_OK) == -1) make_link(busybox, path);
}

}  // namespace

void write_whole(const std::string& path, std::string_view text, int flags) {
  const UniqueFd file{
      check(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644), "open {}", path)};
  check(::write(file.get(), text.data(), text.size()), "write '{}' to {}", text, path);
}

std::string read_whole(const std::string& path) {
  const UniqueFd file{check(::open(path.c_str(), O_RDONLY | O_CLOEXEC), "open {}", path)};
  std::string text;
  char bytes[4096];
  for (ssize_t size = 0; (size = check(::read(file.get(), bytes, sizeof bytes), "read {}", path)) > 0;)
    text.append(bytes, static_cast<std::size_t>(size));
  return text;
}

void make_directories(const std::string& path, mode_t mode) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const auto part = path.substr(0, slash);
    if (::mkdir(part.c_str(), mode) == -1 && errno != EEXIST) check(-1, "make the directory {}", part);
    if (slash == std::string::npos) return;
  }
}

void mount_first() {
  mount_one({"proc", "/proc", kQuiet, nullptr});
  mount_one({"sysfs", "/sys", kQuiet, nullptr});
  mount_one({"devtmpfs", "/dev", MS_NOSUID, "mode=755"});
}

void load_modules() {
  std::istringstream order{read_whole("/modules/order")};
  for (std::string name; std::getline(order, name);) {
    const auto path = "/modules/" + name;
    const UniqueFd file{check(::open(path.c_str(), O_RDONLY | O_CLOEXEC), "open {}", path)};
    if (::syscall(SYS_finit_module, file.get(), "", 0) == -1 && errno != EEXIST)
      check(-1, "load the module {}", name);
  }
}

void enter_root(const Request& request) {
  if (request.shared) {
    make_directories("/host");
    check(::mount(kShareTag, "/host", "virtiofs", MS_RDONLY, nullptr), "mount the host's files");
  }
  mount_one({"tmpfs", "/memory", 0, "mode=755,size=75%"});
  for (const char* directory : {"/memory/upper", "/memory/work", "/root"}) make_directories(directory);
  check(::mount("laboratory", "/root", "overlay", 0,
                "lowerdir=/host,upperdir=/memory/upper,workdir=/memory/work"),
        "mount memory over the host's files");
  for (const char* name : {"proc", "sys", "dev"}) {
    const auto from = fmt::format("/{}", name), to = fmt::format("/root/{}", name);
    make_directories(to);
    check(::mount(from.c_str(), to.c_str(), nullptr, MS_MOVE, nullptr), "move {} to the new root", from);
  }
  // pivot_root refuses where the old root is the kernel's first one, so it is covered instead.
  check(::chdir("/root"), "enter the new root");
  check(::mount(".", "/", nullptr, MS_MOVE, nullptr), "move the new root over the old one");
  check(::chroot("."), "make the new root the root");
  check(::chdir("/"), "enter it");
}

void mount_rest(const Request& request) {
  mount_one({"devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "mode=620,ptmxmode=666,gid=5"});
  mount_one({"tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777"});
  mount_one({"mqueue", "/dev/mqueue", kQuiet, nullptr});
  make_link("/proc/self/fd", "/dev/fd");
  make_link("fd/0", "/dev/stdin");
  make_link("fd/1", "/dev/stdout");
  make_link("fd/2", "/dev/stderr");
  mount_memory(request, "/run", "mode=755");
  mount_scratch(request);
  make_directories("/run/lock");
  mount_modules(request.modules);
  offer_devices();
}

}  // namespace dockwright::lab
