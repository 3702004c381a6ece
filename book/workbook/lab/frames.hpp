#pragma once
// What the workbook and the laboratory's first process say to each other. One virtio-serial port carries it
// all, so that everything arrives in the order in which it happened: when the exit code is there, the output
// before it is, too. A frame is one letter, four bytes of length (little end first), and so many bytes:
//
//     workbook                         the machine's first process
//       | <-- hello ------------------  |   the kernel is up
//       | --- request --------------->  |   what to run, and how
//       | <-- ready ------------------  |   everything is mounted; the command starts
//       | --- input, window size ---->  |
//       | <-- output, errors ---------  |
//       | <-- exit code --------------  |   the last frame: then the machine is switched off
//
// A machine that ends without an exit code has failed, whatever it printed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::lab {

/// The name of the virtio-serial port.
inline constexpr const char* kPortName = "dockwright";
/// The tag of the shared file system.
inline constexpr const char* kShareTag = "host";
/// No honest frame is longer.
inline constexpr std::size_t kMostBytes = 1 << 20;

enum class FrameType : char {
  hello = 'H',
  request = 'R',
  ready = 'S',
  input = 'I',
  end_of_input = 'Z',
  window_size = 'W',  ///< "ROWS COLUMNS"
  output = 'O',
  errors = 'E',
  exit_code = 'X',
  failure = 'F',  ///< the machine could not be set up: why
};

struct Frame {
  FrameType type{};
  std::string payload{};
};

/// The bytes of one frame.
std::string encode(FrameType type, std::string_view payload = {});

/// Cuts a stream of bytes into frames.
class FrameReader {
 public:
  void add(std::string_view bytes) { bytes_.append(bytes); }
  /// The next whole frame. @throws std::runtime_error where none can begin
  std::optional<Frame> next();

 private:
  std::string bytes_{};
};

/// Everything the machine has to know.
struct Request {
  std::vector<std::string> command{};      ///< empty: an interactive shell
  std::vector<std::string> environment{};  ///< NAME=VALUE
  std::string directory{};                 ///< where it runs
  std::string project{};                   ///< must be visible, and a user must be able to reach it
  std::string modules{};                   ///< a directory with lib/modules in it, as the machine sees it
  bool shared = false;                     ///< the root is the host's by virtiofs; else it came with us
  bool as_user = false;                    ///< not root, but `reader`
  bool terminal = false;                   ///< the command gets a terminal
  unsigned rows = 24;
  unsigned columns = 80;
};

std::string encode(const Request& request);
/// @throws std::runtime_error when it is not one
Request decode_request(std::string_view text);

/// The window size of a frame: rows and columns. @throws std::runtime_error
std::pair<unsigned, unsigned> decode_window_size(std::string_view payload);

/// The exit code of a frame. @throws std::runtime_error when it is not a number from 0 to 255
int decode_exit_code(std::string_view payload);

}  // namespace dockwright::lab
