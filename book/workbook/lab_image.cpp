#include "book/workbook/lab_image.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "book/workbook/cpio.hpp"
#include "book/workbook/machine.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

/// Where the first process looks for the root that came with it.
const std::string kRoot = "host";

/// What a shell session needs beside BusyBox, where this machine has it.
constexpr const char* kTools[] = {"sh", "bash", "strace",    "unshare",   "nsenter", "setpriv", "findmnt",
                                  "ip", "nft",  "newuidmap", "newgidmap", "capsh",   "kmod",    "ldd",
                                  "ps", "crun", "runc",      "stat",      "timeout", "prlimit", "stress-ng"};

void add_libraries(CpioArchive& archive, const fs::path& path) {
  for (const auto& library : named_libraries(run_program({"ldd", path.string()}).out))
    if (!archive.has(kRoot + library)) archive.add_file(kRoot + library, read_file(library), 0755);
}

/// A program at its own place. What has an interpreter brings its libraries.
void add_program(CpioArchive& archive, const fs::path& path) {
  std::error_code unknown;
  const auto real = fs::canonical(path, unknown);
  if (unknown) return;
  archive.add_file(kRoot + path.string(), read_file(real), 0755);
  add_libraries(archive, real);
}

void add_base(CpioArchive& archive) {
  // As on this machine: /bin is usr/bin, and so on. First, so that what comes later lands behind the links.
  for (const auto& [name, mode] : std::to_array<std::pair<const char*, unsigned>>({{"usr/bin", 0755},
                                                                                   {"usr/sbin", 0755},
                                                                                   {"usr/lib", 0755},
                                                                                   {"usr/lib64", 0755},
                                                                                   {"root", 0700},
                                                                                   {"tmp", 01777},
                                                                                   {"run", 0755},
                                                                                   {"proc", 0555},
                                                                                   {"sys", 0555},
                                                                                   {"dev", 0755},
                                                                                   {"var/tmp", 01777}}))
    archive.add_directory(kRoot + "/" + name, mode);
  for (const char* name : {"bin", "sbin", "lib", "lib64"})
    archive.add_link(kRoot + "/" + name, std::string{"usr/"} + name);
  for (const char* name : {"passwd", "group", "nsswitch.conf", "ld.so.cache", "hosts", "os-release"})
    archive.add_tree(fs::path{"/etc"} / name, kRoot + "/etc/" + name);
}

/// Names below /bin and its like are links there to the real places below /usr.
fs::path below_usr(const fs::path& path) {
  for (const char* name : {"/bin/", "/sbin/", "/lib/", "/lib64/"})
    if (starts_with(path.string(), name)) return fs::path{"/usr"} / path.relative_path();
  return path;
}

void add_tools(CpioArchive& archive) {
  const auto machine = Machine::here();
  for (const char* name : kTools)
    if (const auto path = machine.program(name); !path.empty()) add_program(archive, below_usr(path));
  const auto busybox = machine.program("busybox");
  if (busybox.empty())
    throw Failure{"the laboratory's root needs BusyBox, and there is none",
                  Advice{.cause = "", .cure = "sudo apt-get install busybox-static"}};
  archive.add_file(kRoot + "/usr/bin/busybox", read_file(fs::canonical(busybox)), 0755);
  for (const auto& applet : split_lines(run_program({busybox.string(), "--list"}).out))
    archive.add_link(kRoot + "/usr/bin/" + applet, "busybox");
  archive.add_link(kRoot + "/usr/sbin/modprobe",
                   "../bin/" + std::string{machine.program("kmod").empty() ? "busybox" : "kmod"});
}

/// The project without its build directories, and this build.
void add_project(CpioArchive& archive, const Project& project) {
  for (const auto& entry : fs::directory_iterator{project.root()}) {
    const auto name = entry.path().filename().string();
    if (starts_with(name, "build") || starts_with(name, ".")) continue;
    archive.add_tree(entry.path(), kRoot + entry.path().string());
  }
  for (const auto& part : {project.bin(), project.rootfs()}) archive.add_tree(part, kRoot + part.string());
  for (const auto& entry : fs::directory_iterator{project.bin()})
    if (entry.is_regular_file()) add_libraries(archive, entry.path());
}

void add_first_part(CpioArchive& archive, const LabKernel& kernel, const fs::path& init) {
  archive.add_directory("dev");
  archive.add_character_device("dev/console", 0600, 5, 1);
  archive.add_file("init", read_file(init), 0755);
  std::string order;
  for (const auto& path : load_order(read_file(kernel.modules() / "modules.dep"), first_modules())) {
    const auto name = fs::path{path}.filename().string();
    archive.add_file("modules/" + name, read_file(kernel.modules() / path), 0644);
    order += name + "\n";
  }
  archive.add_file("modules/order", order, 0644);
}

/// Networks and file systems; where files are shared, all modules are there.
void add_modules(CpioArchive& archive, const LabKernel& kernel) {
  const auto there = kRoot + "/usr/lib/modules/" + kernel.release + "/";
  for (const char* part : {"net", "drivers/net", "fs/overlayfs", "fs/fuse", "lib"})
    archive.add_tree(kernel.modules() / "kernel" / part, there + "kernel/" + part);
  for (const auto& entry : fs::directory_iterator{kernel.modules()})
    if (entry.is_regular_file()) archive.add_tree(entry.path(), there + entry.path().filename().string());
}

}  // namespace

const std::vector<std::string>& first_modules() {
  static const std::vector<std::string> names = {"virtio_pci", "virtio_console", "virtio_blk", "virtiofs",
                                                 "overlay",    "ext4",           "loop"};
  return names;
}

std::vector<std::string> named_libraries(const std::string& printed) {
  std::vector<std::string> libraries;
  for (const auto& line : split_lines(printed)) {
    const auto words = split_words(line);
    // "libc.so.6 => /lib/libc.so.6 (0x…)", or "/lib64/ld-linux-x86-64.so.2 (0x…)"
    for (const auto& word : words)
      if (starts_with(word, "/") && words.size() >= 2) {
        libraries.push_back(below_usr(word).string());
        break;
      }
  }
  return libraries;
}

std::string make_small_image(const LabKernel& kernel, const fs::path& init) {
  CpioArchive archive;
  add_first_part(archive, kernel, init);
  return archive.finish();
}

std::string make_whole_image(const LabKernel& kernel, const fs::path& init, const Project& project) {
  CpioArchive archive;
  add_first_part(archive, kernel, init);
  add_base(archive);
  add_tools(archive);
  add_project(archive, project);
  add_modules(archive, kernel);
  return archive.finish();
}

}  // namespace dockwright::workbook
