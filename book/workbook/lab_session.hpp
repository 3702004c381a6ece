#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "book/workbook/lab/frames.hpp"
#include "book/workbook/lab_machine.hpp"
#include "book/workbook/lab_terminal.hpp"

namespace dockwright::workbook {

/// One machine and what goes to and fro. Everything is waited for in one place, with a limit of time.
class LabSession {
 public:
  /// @param talkative shows the machine's console on standard error
  LabSession(LabMachine& machine, bool talkative);
  LabSession(LabSession&&) = delete;

  /// Until the machine's first process says hello. False when it does not within so long, or ends.
  bool wait_for_hello(std::chrono::milliseconds limit);
  /// Asks for a command, and waits until it starts. @throws Failure when that fails or takes too long
  void start(const lab::Request& request, std::chrono::milliseconds limit);
  /// Carries input and output until the command's end. @returns its exit code; 124 when the time is over (0:
  /// no limit), 128 + N when a signal ended us. @throws Failure when the machine ends without an exit code
  int carry(std::chrono::seconds limit);

 private:
  using Clock = std::chrono::steady_clock;
  void wait(Clock::time_point end);
  void read_port();
  void take(const lab::Frame& frame);
  void read_input();
  void read_signal();
  void listen();
  void queue(lab::FrameType type, std::string_view payload = {});
  void write_port();
  [[noreturn]] void fail(const std::string& what);

  LabMachine& machine_;
  bool talkative_;
  bool terminal_ = false;
  UniqueFd signals_{};
  lab::FrameReader frames_{};
  std::string unwritten_{};
  std::size_t shown_ = 0;
  bool said_hello_ = false;
  bool started_ = false;
  bool input_open_ = true;
  bool port_open_ = true;
  std::optional<int> code_{};
  std::string failure_{};
  Escape escape_{};
};

}  // namespace dockwright::workbook
