#include "book/workbook/doctor_laboratory.hpp"

#include "book/workbook/lab_kernel.hpp"
#include "book/workbook/lab_share.hpp"
#include "book/workbook/project.hpp"

namespace dockwright::workbook {

namespace {

Finding find_virtiofsd(const Machine& machine) {
  const auto server = find_share_server(machine);
  return {.name = "virtiofsd",
          .needed = false,
          .there = !server.program.empty(),
          .seen = server.program,
          .package = "apt-get install qemu-system-common (Debian 12) or virtiofsd (later ones)",
          .lost = "the laboratory has a small root with the project in it, not this machine's files"};
}

Finding find_mke2fs(const Machine& machine) {
  const auto program = machine.program("mke2fs");
  return {.name = "mke2fs",
          .needed = false,
          .there = !program.empty(),
          .seen = program.string(),
          .package = "e2fsprogs",
          .lost = "the laboratory has no disk, and chapter 6's `--userns private` fails there"};
}

Finding find_kvm(const Machine& machine) {
  const bool there = machine.has_file("/dev/kvm");
  return {.name = "KVM",
          .needed = false,
          .there = there,
          .seen = there ? "/dev/kvm; the laboratory finds out if it works" : "",
          .package = "switch on virtualisation in the firmware, or in the machine around this one",
          .lost = "the laboratory boots in some three seconds, not in one, and computes slowly"};
}

/// Outside of the project nobody knows where the kernel would lie.
std::filesystem::path kernel_file() {
  try {
    return LabKernel{.directory = Project::find().build() / "vm-cache/kernel", .release = ""}.image();
  } catch (const std::runtime_error&) {
    return {};
  }
}

Finding find_lab_kernel(const Machine& machine) {
  const auto file = kernel_file();
  const bool there = !file.empty() && machine.has_file(file.string());
  return {.name = "laboratory's kernel",
          .needed = false,
          .there = there,
          .seen = there ? file.string() : "",
          .package = "workbook lab --prepare",
          .lost = "the first `workbook lab` downloads it (some 30 MB), and needs a network for that"};
}

}  // namespace

std::vector<Finding> examine_laboratory(const Machine& machine) {
  return {find_virtiofsd(machine), find_mke2fs(machine), find_kvm(machine), find_lab_kernel(machine)};
}

}  // namespace dockwright::workbook
