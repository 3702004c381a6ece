#include "book/workbook/lab.hpp"

#include <algorithm>
#include <cstdlib>

#include "book/workbook/cpio.hpp"
#include "book/workbook/lab/frames.hpp"
#include "book/workbook/lab_acceleration.hpp"
#include "book/workbook/lab_image.hpp"
#include "book/workbook/lab_jobs.hpp"
#include "book/workbook/lab_kernel.hpp"
#include "book/workbook/lab_share.hpp"
#include "book/workbook/lab_terminal.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/workbook/small_project.hpp"

using namespace dockwright;
using namespace dockwright::workbook;
using lab::FrameType;

namespace {

bool has_word(const std::vector<std::string>& words, const std::string& word) {
  return std::count(words.begin(), words.end(), word) > 0;
}

/// What follows an option.
std::string value_of(const std::vector<std::string>& words, const std::string& option) {
  const auto at = std::find(words.begin(), words.end(), option);
  return at == words.end() || at + 1 == words.end() ? "" : *(at + 1);
}

}  // namespace

TEST_CASE("the laboratory's disk is never written to", "[lab]") {
  const auto has = [](const std::vector<std::string>& words, const std::string& part) {
    return std::any_of(words.begin(), words.end(),
                       [&](const auto& word) { return contains_text(word, part); });
  };
  CHECK(has(qemu_command({.scratch = "/a,b/scratch.ext4"}),
            "snapshot=on,cache=unsafe,file=/a,,b/scratch.ext4"));
  CHECK_FALSE(has(qemu_command({}), "virtio-blk"));
}

TEST_CASE("a request to the laboratory comes out as it went in, whatever its arguments are", "[lab]") {
  const lab::Request request{.command = {"sh", "-c", "echo \"a b\" 'c'\n$HOME; exit 3", "", "5:x,\0y"},
                             .environment = {"A=1", "B=with = and\nnewline"},
                             .directory = "/a b",
                             .project = "/p",
                             .modules = "/m",
                             .shared = true,
                             .as_user = true,
                             .terminal = true,
                             .rows = 50,
                             .columns = 132};
  const auto back = lab::decode_request(lab::encode(request));
  CHECK(back.command == request.command);
  CHECK(back.environment == request.environment);
  CHECK(back.directory == "/a b");
  CHECK((back.project == "/p" && back.modules == "/m"));
  CHECK((back.shared && back.as_user && back.terminal));
  CHECK((back.rows == 50 && back.columns == 132));
}

TEST_CASE("a request that is cut short anywhere is refused", "[lab]") {
  const auto whole = lab::encode(lab::Request{.command = {"true"}, .directory = "/"});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS(lab::decode_request(whole.substr(0, size)));
  }
}

TEST_CASE("frames are cut out of a stream that comes in pieces", "[lab]") {
  const auto bytes =
      lab::encode(FrameType::output, std::string(300, 'x')) + lab::encode(FrameType::exit_code, "7");
  lab::FrameReader frames;
  std::vector<lab::Frame> seen;
  for (const char byte : bytes) {
    frames.add({&byte, 1});
    while (auto frame = frames.next()) seen.push_back(*frame);
  }
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].payload == std::string(300, 'x'));
  CHECK(seen[1].type == FrameType::exit_code);
  CHECK(lab::decode_exit_code(seen[1].payload) == 7);
}

TEST_CASE("what is no frame is refused, not waited for", "[lab]") {
  lab::FrameReader letters;
  letters.add("hello");
  CHECK_THROWS(letters.next());
  lab::FrameReader lengths;
  lengths.add(std::string{"O\xff\xff\xff\xff", 5});
  CHECK_THROWS(lengths.next());
}

TEST_CASE("an exit code is a number from 0 to 255 and nothing else", "[lab]") {
  CHECK(lab::decode_exit_code("0") == 0);
  CHECK(lab::decode_exit_code("255") == 255);
  for (const char* bad : {"", "256", "-1", "0x1", "1 ", "ok"}) {
    CAPTURE(bad);
    CHECK_THROWS(lab::decode_exit_code(bad));
  }
}

TEST_CASE("KVM is tried once in each boot of this machine, and not where there is none", "[lab]") {
  const auto failed = remembered_text("boot-1", Acceleration::translated);
  CHECK(choose_acceleration(false, "boot-1", "") == Acceleration::translated);
  CHECK(choose_acceleration(true, "boot-1", "") == Acceleration::kvm);
  CHECK(choose_acceleration(true, "boot-1", failed) == Acceleration::translated);
  CHECK(choose_acceleration(true, "boot-2", failed) == Acceleration::kvm);
  CHECK(choose_acceleration(true, "boot-1", remembered_text("boot-1", Acceleration::kvm)) ==
        Acceleration::kvm);
  CHECK(choose_acceleration(false, "boot-1", remembered_text("boot-1", Acceleration::kvm)) ==
        Acceleration::translated);
}

TEST_CASE("a panic ends the machine, and only a shared root has a device for it", "[lab]") {
  const auto alone = qemu_command({.kernel = "/k", .image = 5, .port = 6});
  CHECK(has_word(alone, "-no-reboot"));
  CHECK(contains(value_of(alone, "-append"), "panic=-1"));
  CHECK(value_of(alone, "-accel") == "tcg,thread=multi");
  CHECK(value_of(alone, "-initrd") == "/proc/self/fd/5");
  CHECK_FALSE(has_word(alone, "vhost-user-fs-pci,chardev=share,tag=host"));
  const auto shared = qemu_command({.acceleration = Acceleration::kvm,
                                    .kernel = "/k",
                                    .image = 5,
                                    .port = 6,
                                    .share = 7,
                                    .clock_khz = 99});
  CHECK(has_word(shared, "vhost-user-fs-pci,chardev=share,tag=host"));
  CHECK(value_of(shared, "-accel") == "kvm");
  CHECK(contains(value_of(shared, "-append"), "tsc_early_khz=99"));
}

TEST_CASE("a machine without QEMU is told the package", "[lab]") {
  const small::SmallProject files;
  const Machine bare{files.path() / "root", {files.path() / "bin"}};
  CHECK(contains(no_lab(bare), "qemu-system-x86"));
  files.write_program("bin/qemu-system-x86_64", "true");
  CHECK(no_lab(bare).empty());
}

TEST_CASE("both kinds of virtiofsd are found, and called as each wants it", "[lab]") {
  const small::SmallProject files;
  const Machine machine{files.path(), {}};
  CHECK(find_share_server(machine).program.empty());
  CHECK_FALSE(cannot_share(find_share_server(machine)).empty());
  files.write_program("usr/lib/qemu/virtiofsd", "true");
  CHECK_FALSE(find_share_server(machine).in_rust);
  CHECK(has_word(share_command(find_share_server(machine), 4), "source=/"));
  files.write_program("usr/libexec/virtiofsd", "true");
  CHECK(find_share_server(machine).in_rust);
  CHECK(has_word(share_command(find_share_server(machine), 4), "--shared-dir=/"));
}

TEST_CASE("modules are loaded after those that they need, and each once", "[lab]") {
  const std::string dependencies =
      "kernel/fs/fuse/virtiofs.ko: kernel/fs/fuse/fuse.ko kernel/drivers/virtio/virtio_ring.ko\n"
      "kernel/fs/fuse/fuse.ko:\n"
      "kernel/drivers/virtio/virtio-pci.ko: kernel/drivers/virtio/virtio_ring.ko "
      "kernel/drivers/virtio/virtio.ko\n"
      "kernel/drivers/virtio/virtio_ring.ko: kernel/drivers/virtio/virtio.ko\n"
      "kernel/drivers/virtio/virtio.ko:\n";
  CHECK(load_order(dependencies, {"virtio_pci", "virtiofs", "built_in"}) ==
        std::vector<std::string>{"kernel/drivers/virtio/virtio.ko", "kernel/drivers/virtio/virtio_ring.ko",
                                 "kernel/drivers/virtio/virtio-pci.ko", "kernel/fs/fuse/fuse.ko",
                                 "kernel/fs/fuse/virtiofs.ko"});
}

TEST_CASE("the kernel's package is found in what apt says; Ubuntu's has its modules apart", "[lab]") {
  CHECK(kernel_packages("linux-image-cloud-amd64\n  Depends: linux-image-6.1.0-1-cloud-amd64\n") ==
        std::vector<std::string>{"linux-image-6.1.0-1-cloud-amd64"});
  CHECK(kernel_packages(
            "linux-image-virtual\n  Depends: linux-image-6.8.0-1-generic\n  Depends: linux-firmware\n") ==
        std::vector<std::string>{"linux-image-6.8.0-1-generic", "linux-modules-6.8.0-1-generic"});
  CHECK(kernel_packages("  Depends: linux-image-virtual\n").empty());
  CHECK(kernel_packages("").empty());
}

TEST_CASE("an archive has the directories above its files, and says a name once", "[lab]") {
  CpioArchive archive;
  archive.add_file("a/b/c", "text", 0644);
  archive.add_file("a/b/c", "other", 0644);
  const auto bytes = archive.finish();
  CHECK(bytes.size() % 4 == 0);
  CHECK(bytes.compare(0, 6, "070701") == 0);
  CHECK(contains(bytes, "text"));
  CHECK_FALSE(contains(bytes, "other"));
  CHECK((archive.has("a") && archive.has("a/b")));
  CHECK(contains(bytes, "TRAILER!!!"));
}

TEST_CASE("the libraries of a program are read from ldd, below /usr", "[lab]") {
  CHECK(named_libraries("\tlinux-vdso.so.1 (0x0)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x1)\n"
                        "\t/lib64/ld-linux-x86-64.so.2 (0x2)\n") ==
        std::vector<std::string>{"/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib64/ld-linux-x86-64.so.2"});
  CHECK(named_libraries("\tnot a dynamic executable\n").empty());
}

TEST_CASE("a kernel that was cached before kmod came is listed again for it", "[lab]") {
  if (Machine::here().program("depmod").empty()) {
    WARN("skipped: needs depmod (package kmod)");
    return;
  }
  const small::SmallProject files;
  files.write("kernel/vmlinuz", "");
  const std::string modules = "kernel/lib/modules/6.1.0-1-cloud-amd64/";
  for (const char* name : {"modules.order", "modules.builtin", "modules.dep"})
    files.write(modules + name, "");
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/usr/bin:/bin", 1);  // a user's
  CHECK(find_or_fetch_kernel(files.path()).release == "6.1.0-1-cloud-amd64");
  ::setenv("PATH", path.c_str(), 1);
  CHECK(small::fs::exists(files.path() / modules / "modules.dep.bin"));
}

TEST_CASE("a command in the laboratory gets the caller's environment, without the caller's session",
          "[lab]") {
  const auto variables =
      lab_environment({"PATH=/x", "HOME=/home/me", "XDG_RUNTIME_DIR=/run/user/7", "MINE=1", "SUDO_USER=me"},
                      "/p/build/bin", true);
  CHECK(has_word(variables, "PATH=/p/build/bin:/x"));
  CHECK(has_word(variables, "MINE=1"));
  CHECK(has_word(variables, "HOME=/home/reader"));
  CHECK(has_word(variables, "XDG_RUNTIME_DIR=/run/user/1000"));
  CHECK_FALSE(has_word(variables, "HOME=/home/me"));
  CHECK_FALSE(has_word(variables, "SUDO_USER=me"));
  CHECK(has_word(lab_environment({}, "/b", false), "HOME=/root"));
}

TEST_CASE("three times the escape key ends a machine, twice does not", "[lab]") {
  Escape escape;
  CHECK_FALSE(escape.is_in("\x1d\x1d"));
  CHECK_FALSE(escape.is_in("a\x1d"));
  CHECK_FALSE(escape.is_in("\x1d"));
  CHECK(escape.is_in("\x1d"));
}

TEST_CASE("what needs version 2 goes to the laboratory where this machine has another, and only there",
          "[lab]") {
  const small::SmallProject files;
  const Machine machine{files.path() / "root", {files.path() / "bin"}};
  files.write("root/sys/fs/cgroup/memory/tasks", "");
  CHECK_FALSE(belongs_in_lab(machine, {"cgroup2"}));  // no QEMU
  CHECK(lacking_with_lab(machine, {"cgroup2"}) == "cgroup2");
  files.write_program("bin/qemu-system-x86_64", "true");
  CHECK(belongs_in_lab(machine, {"root", "cgroup2"}));
  CHECK(lacking_with_lab(machine, {"root", "cgroup2", "userns"}).empty());
  CHECK_FALSE(belongs_in_lab(machine, {"userns"}));
  CHECK(lacking_with_lab(machine, {"userns"}) == "userns");
  files.write("root/sys/fs/cgroup/cgroup.controllers", "");
  CHECK_FALSE(belongs_in_lab(machine, {"root", "cgroup2"}));
}

TEST_CASE("several jobs and their reports make the journey together", "[lab]") {
  std::vector<Job> jobs(2);
  jobs[0].steps = {{.text = "a, b:"}};
  jobs[0].seconds = 7;
  jobs[1].environment = {{"A", "1"}};
  const auto back = decode_jobs(encode(jobs));
  REQUIRE(back.size() == 2);
  CHECK(back[0].steps.at(0).text == "a, b:");
  CHECK(back[0].seconds == 7);
  CHECK(back[1].environment == jobs[1].environment);
  std::vector<JobReport> sent(2);
  sent[0].results = {{"x\n", 3, false}};
  sent[1].problem = "p";
  const auto reports = decode_reports(encode(sent));
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].results.at(0).exit_code == 3);
  CHECK(reports[1].problem == "p");
  CHECK(decode_jobs(encode(std::vector<Job>{})).empty());
}
