#pragma once

#include <memory>
#include <string>
#include <vector>

#include "book/workbook/lab_helper.hpp"
#include "book/workbook/lab_kernel.hpp"
#include "book/workbook/lab_share.hpp"

namespace dockwright::workbook {

/// How QEMU runs the machine's instructions.
enum class Acceleration {
  kvm,         ///< the processor does it
  translated,  ///< QEMU translates them (TCG): ten to thirty times slower, and works everywhere
};

/// What the QEMU line depends on.
struct MachineOptions {
  Acceleration acceleration = Acceleration::translated;
  unsigned processors = 2;
  unsigned memory_mb = 1024;
  std::string kernel{};
  int image = -1;               ///< a descriptor of the file system to start with
  int port = -1;                ///< a connected socket: the laboratory's port
  int share = -1;               ///< a connected socket to virtiofsd; -1: nothing is shared
  std::string scratch{};        ///< a file system for /tmp, which is not written to; empty: none
  bool talkative = false;       ///< all that the kernel has to say
  unsigned long clock_khz = 0;  ///< what rdtsc counts in a millisecond; 0: the kernel finds out
};

/// The words of the QEMU command.
std::vector<std::string> qemu_command(const MachineOptions& options);

/// How fast this processor's time-stamp counter counts: the translated machine sees the same one, and its
/// kernel need not spend a tenth of a second (and on a busy machine, much longer) to find out.
unsigned long measure_clock_khz();

/// A machine that is running. Ends with its owner.
class LabMachine {
 public:
  /// @param image the file system to start with @param share may be null
  LabMachine(MachineOptions options, const std::string& image, std::unique_ptr<Share> share);
  ~LabMachine();
  LabMachine(LabMachine&&) = delete;

  [[nodiscard]] const UniqueFd& port() const noexcept { return port_; }
  [[nodiscard]] Helper& qemu() noexcept { return *qemu_; }
  [[nodiscard]] Share* share() noexcept { return share_.get(); }
  [[nodiscard]] const std::vector<std::string>& command() const noexcept { return command_; }

 private:
  std::unique_ptr<Share> share_;
  std::vector<std::string> command_{};
  std::unique_ptr<Helper> qemu_{};
  UniqueFd port_{};
};

}  // namespace dockwright::workbook
