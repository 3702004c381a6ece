#include "book/workbook/lab_kernel.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <system_error>

#include "book/workbook/machine.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

/// Packages that name the newest kernel of a distribution: Debian's, and Ubuntu's for virtual machines.
constexpr const char* kNewestKernels[] = {"linux-image-cloud-amd64", "linux-image-virtual"};

/// A directory of ours that is gone with its owner, or renamed by then.
class Staging {
 public:
  explicit Staging(const fs::path& cache) : path_{(cache / "kernel.XXXXXX").string()} {
    check(::mkdtemp(path_.data()) == nullptr ? -1 : 0, "make a directory {}", path_);
  }
  Staging(Staging&&) = delete;
  ~Staging() {
    std::error_code ignored;  // what is left of it is in the way of nothing
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] fs::path path() const { return path_; }

 private:
  std::string path_;
};

Finished run_in(const fs::path& directory, const std::vector<std::string>& command) {
  return run_program(command, {.directory = directory});
}

[[noreturn]] void refuse(const std::string& why, const std::string& cure) {
  throw Failure{"the laboratory has no kernel: " + why, Advice{.cause = "", .cure = cure}};
}

std::vector<std::string> wanted_packages() {
  for (const char* newest : kNewestKernels)
    if (auto names = kernel_packages(run_program({"apt-cache", "depends", newest}).out); !names.empty())
      return names;
  return {};
}

void must(const Finished& finished, const char* what) {
  if (finished.exit_code != 0) refuse(fmt::format("{}: {}", what, trim(finished.out)), "");
}

/// Newer kernels come with compressed modules, and who loads the first ones has no decompressor.
void decompress_modules(const fs::path& root) {
  std::vector<std::string> xz = {"xz", "--decompress"}, zstd = {"zstd", "--decompress", "--rm", "--quiet"};
  const auto plain_xz = xz.size(), plain_zstd = zstd.size();
  for (const auto& entry : fs::recursive_directory_iterator{root}) {
    const auto extension = entry.path().extension();
    if (extension == ".xz") xz.push_back(entry.path().string());
    if (extension == ".zst") zstd.push_back(entry.path().string());
  }
  if (xz.size() > plain_xz) must(run_program(xz), "cannot unpack its modules (package xz-utils)");
  if (zstd.size() > plain_zstd) must(run_program(zstd), "cannot unpack its modules (package zstd)");
}

/// Drivers for hardware that QEMU does not have: two thirds of everything.
void drop_unneeded_modules(const fs::path& modules) {
  for (const char* name : {"drivers/gpu", "drivers/infiniband", "drivers/scsi", "drivers/net/ethernet",
                           "drivers/nvme", "drivers/target", "drivers/media", "drivers/net/wireless", "sound",
                           "fs/xfs", "fs/btrfs", "fs/ocfs2", "fs/ceph", "fs/nfsd", "fs/nfs", "fs/smb"})
    fs::remove_all(modules / "kernel" / name);
}

fs::path only_entry(const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator{directory}) return entry.path();
  refuse(directory.string() + " is empty", "");
}

/// Lists what each module needs. A user's path need not have depmod; where kmod is not installed at all,
/// BusyBox has one, whose lists are enough for BusyBox's modprobe.
void list_modules(const fs::path& made, const std::string& release) {
  const auto depmod = Machine::here().program("depmod");
  std::vector<std::string> words = {"busybox", "depmod", "-b", made.string(), release};
  if (!depmod.empty()) words = {depmod.string(), "-b", made.string(), release};
  must(run_program(words), "cannot list its modules (package kmod)");
}

/// Whether kmod has been installed since: its modprobe reads lists of its own kind only.
bool wants_new_lists(const LabKernel& kernel) {
  return !fs::exists(kernel.modules() / "modules.dep.bin") && !Machine::here().program("depmod").empty() &&
         ::access(kernel.modules().c_str(), W_OK) == 0;
}

/// Makes of the packages' files what LabKernel describes.
void arrange(const fs::path& unpacked, const fs::path& made) {
  fs::create_directories(made / "lib/modules");
  for (const auto& entry : fs::directory_iterator{unpacked / "boot"})
    if (starts_with(entry.path().filename().string(), "vmlinuz-")) fs::rename(entry.path(), made / "vmlinuz");
  if (!fs::exists(made / "vmlinuz")) refuse("its package has no vmlinuz", "");
  fs::permissions(made / "vmlinuz", fs::perms{0644});  // Ubuntu's is for root only
  // Debian 13 has everything below /usr.
  const auto modules =
      only_entry(unpacked / (fs::exists(unpacked / "lib/modules") ? "lib/modules" : "usr/lib/modules"));
  const auto release = modules.filename();
  drop_unneeded_modules(modules);
  decompress_modules(modules);
  fs::rename(modules, made / "lib/modules" / release);
  list_modules(made, release.string());
}

/// Another workbook may have been quicker: its kernel is as good.
void put_in_place(const fs::path& made, const fs::path& place) {
  std::error_code error;
  fs::rename(made, place, error);
  if (error && !fs::exists(place / "vmlinuz"))
    refuse(fmt::format("cannot rename {} to {}: {}", made.string(), place.string(), error.message()), "");
}

void fetch(const fs::path& cache) {
  fs::create_directories(cache);
  if (::access(cache.c_str(), W_OK) == -1)
    refuse(cache.string() + " is not yours to write",
           fmt::format("sudo chown -R {} {}", ::getuid(), cache.string()));
  auto names = wanted_packages();
  if (names.empty() && ::geteuid() == 0) {
    run_program({"apt-get", "update", "-qq"});
    names = wanted_packages();
  }
  if (names.empty()) refuse("apt knows no package linux-image-cloud-amd64", "sudo apt-get update");
  fmt::print(stderr, "Downloading the laboratory's kernel ({}) to {}, once.\n", names.front(),
             cache.string());
  const Staging staging{cache};
  const auto downloads = staging.path() / "downloads", unpacked = staging.path() / "unpacked";
  fs::create_directories(downloads);
  for (const auto& name : names) {
    const auto got = run_in(downloads, {"apt-get", "download", "-qq", name});
    if (got.exit_code != 0)
      refuse(fmt::format("cannot download {}: {}", name, trim(got.out)),
             "connect this machine to a network once, or sudo apt-get update");
  }
  for (const auto& entry : fs::directory_iterator{downloads})
    must(run_program({"dpkg-deb", "-x", entry.path().string(), unpacked.string()}), "cannot unpack it");
  arrange(unpacked, staging.path() / "made");
  put_in_place(staging.path() / "made", cache / "kernel");
}

/// "kernel/fs/fuse/virtiofs.ko" is the module virtiofs; in names `-` and `_` are the same.
std::string module_name(const std::string& path) {
  return replace_all(fs::path{path}.filename().replace_extension("").string(), "-", "_");
}

}  // namespace

std::vector<std::string> kernel_packages(const std::string& depends) {
  std::vector<std::string> names;
  for (const auto& line : split_lines(depends)) {
    const auto words = split_words(line);
    if (words.size() != 2 || words[0] != "Depends:" || !starts_with(words[1], "linux-image-")) continue;
    if (words[1].size() < 13 || words[1][12] < '0' || words[1][12] > '9') continue;
    names.push_back(words[1]);
    // Ubuntu has the modules in a package of their own.
    if (contains_text(words[1], "-generic"))
      names.push_back(replace_all(words[1], "linux-image-", "linux-modules-"));
    break;
  }
  return names;
}

std::vector<std::string> load_order(const std::string& dependencies, const std::vector<std::string>& wanted) {
  std::map<std::string, std::string> paths;  // of each module
  std::map<std::string, std::vector<std::string>> needs;
  for (const auto& line : split_lines(dependencies)) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto path = line.substr(0, colon);
    paths[module_name(path)] = path;
    for (const auto& other : split_words(line.substr(colon + 1)))
      needs[module_name(path)].push_back(module_name(other));
  }
  std::vector<std::string> order;
  const std::function<void(const std::string&)> add = [&](const std::string& name) {
    const auto path = paths.find(name);
    if (path == paths.end() || std::count(order.begin(), order.end(), path->second) > 0) return;
    for (const auto& other : needs[name]) add(other);
    order.push_back(path->second);
  };
  for (const auto& name : wanted) add(name);
  return order;
}

bool find_kernel(const fs::path& cache, LabKernel& kernel) {
  kernel.directory = cache / "kernel";
  std::error_code unknown;
  if (!fs::exists(kernel.image(), unknown)) return false;
  for (const auto& entry : fs::directory_iterator{kernel.directory / "lib/modules", unknown})
    kernel.release = entry.path().filename().string();
  return !kernel.release.empty();
}

LabKernel find_or_fetch_kernel(const fs::path& cache) {
  LabKernel kernel;
  if (find_kernel(cache, kernel)) {
    if (wants_new_lists(kernel)) list_modules(kernel.directory, kernel.release);
    return kernel;
  }
  fetch(cache);
  if (!find_kernel(cache, kernel)) refuse("the download is not whole", "");
  return kernel;
}

}  // namespace dockwright::workbook
