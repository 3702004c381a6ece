#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/process.hpp"
#include "common/unique_fd.hpp"

namespace dockwright::workbook {

/// A program that serves the laboratory (QEMU, virtiofsd) for as long as its owner lives. It is in a session
/// of its own, so that Ctrl-C is ours alone; it gets the descriptors it is given and no others; and the
/// kernel kills it when we die, however that happens.
class Helper {
 public:
  /// @param prepare runs in the child, before the program; may throw
  Helper(const std::vector<std::string>& command, const std::vector<int>& descriptors,
         const std::function<void()>& prepare = {});
  Helper(Helper&&) = delete;

  /// Readable when the program has ended.
  [[nodiscard]] const UniqueFd& pidfd() const noexcept { return process_->pidfd(); }
  /// What it prints; an empty descriptor after its end.
  [[nodiscard]] const UniqueFd& output() const noexcept { return output_; }
  /// Reads what there is to read.
  void listen();
  /// The last of what it has printed.
  [[nodiscard]] const std::string& said() const noexcept { return said_; }
  [[nodiscard]] bool has_ended() const;
  /// Lets it end by itself for so long.
  void wait_for_end(int milliseconds) const;
  /// SIGKILL, and collected.
  void kill() { process_.reset(); }

 private:
  std::optional<Process> process_{};
  UniqueFd output_{};
  std::string said_{};
};

}  // namespace dockwright::workbook
