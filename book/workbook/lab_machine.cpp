#include "book/workbook/lab_machine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

#include <array>

#include "book/workbook/lab/frames.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook {

namespace {

/// What the kernel is told. A panic ends the machine at once: `-no-reboot` makes an end of every reboot.
std::string kernel_words(const MachineOptions& options) {
  std::string words =
      "console=ttyS0 panic=-1 rdinit=/init cgroup_no_v1=all random.trust_cpu=on mitigations=off";
  words += options.talkative ? "" : " quiet loglevel=1";
  if (options.clock_khz > 0) words += fmt::format(" tsc_early_khz={}", options.clock_khz);
  return words;
}

UniqueFd file_of(const std::string& image) {
  UniqueFd file{check(::memfd_create("laboratory", MFD_CLOEXEC), "make a file for the image")};
  write_all(file, image, "write the image");
  return file;
}

}  // namespace

std::vector<std::string> qemu_command(const MachineOptions& options) {
  const bool kvm = options.acceleration == Acceleration::kvm;
  std::vector<std::string> words = {
      "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
      // Memory in a file of its own: virtiofsd maps it, too.
      "-object", fmt::format("memory-backend-memfd,id=memory,size={}M,share=on", options.memory_mb),
      "-machine", "q35,memory-backend=memory,vmport=off,usb=off,hpet=off", "-m",
      fmt::format("{}M", options.memory_mb), "-accel", kvm ? "kvm" : "tcg,thread=multi", "-cpu",
      kvm ? "host" : "max", "-smp", std::to_string(options.processors), "-kernel", options.kernel, "-initrd",
      fmt::format("/proc/self/fd/{}", options.image), "-append", kernel_words(options), "-chardev",
      "stdio,id=console,signal=off", "-serial", "chardev:console", "-chardev",
      fmt::format("socket,id=port,fd={}", options.port), "-device", "virtio-serial-pci", "-device",
      fmt::format("virtserialport,chardev=port,name={}", lab::kPortName)};
  if (options.share >= 0) {
    const auto device = fmt::format("vhost-user-fs-pci,chardev=share,tag={}", lab::kShareTag);
    words.insert(words.end(),
                 {"-chardev", fmt::format("socket,id=share,fd={}", options.share), "-device", device});
  }
  if (!options.scratch.empty())  // what is written goes to a file that QEMU has deleted already
    words.insert(words.end(), {"-drive",
                               fmt::format("if=none,id=scratch,format=raw,snapshot=on,cache=unsafe,file={}",
                                           replace_all(options.scratch, ",", ",,")),
                               "-device", "virtio-blk-pci,drive=scratch"});
  return words;
}

unsigned long measure_clock_khz() {
#ifdef __x86_64__
  timespec start{}, end{};
  ::clock_gettime(CLOCK_MONOTONIC_RAW, &start);
  const auto first = __rdtsc();
  ::usleep(20'000);
  const auto last = __rdtsc();
  ::clock_gettime(CLOCK_MONOTONIC_RAW, &end);
  const auto nanoseconds = (end.tv_sec - start.tv_sec) * 1'000'000'000 + end.tv_nsec - start.tv_nsec;
  return nanoseconds > 0 ? (last - first) * 1'000'000 / static_cast<unsigned long>(nanoseconds) : 0;
#else
  return 0;
#endif
}

LabMachine::LabMachine(MachineOptions options, const std::string& image, std::unique_ptr<Share> share)
    : share_{std::move(share)} {
  std::array<int, 2> ends{};
  check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "make the laboratory's port");
  port_.reset(ends[0]);
  const UniqueFd other{ends[1]};
  const auto file = file_of(image);
  options.image = file.get();
  options.port = other.get();
  options.share = share_ ? share_->connection().get() : -1;
  std::vector<int> descriptors = {options.image, options.port};
  if (share_) descriptors.push_back(options.share);
  command_ = qemu_command(options);
  qemu_ = std::make_unique<Helper>(command_, descriptors);
  if (share_) share_->forget_connection();
  check(::fcntl(port_.get(), F_SETFL, O_NONBLOCK), "make the port not wait");
}

LabMachine::~LabMachine() {
  qemu_.reset();
  // virtiofsd ends by itself when QEMU has gone; killed, it might leave a thread in the middle of something.
  if (share_) share_->server().wait_for_end(1'000);
}

}  // namespace dockwright::workbook
