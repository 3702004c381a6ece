#pragma once
// How far everything is. On a terminal each layer has a line that is
// written over, with a bar in it; elsewhere, in a log, a line for each
// thing that has happened, and none for what goes on:
//
//     63b65145d645: Downloading [====>      ]  1.3MB/29.1MB
//     63b65145d645: Pull complete
//
// All threads may speak; one at a time is heard.

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

enum class Quiet { no, yes };
/// Whether a line is going to move.
enum class Line { moving, over };

class Progress {
 public:
  /// Writes to `fd`; with `quiet`, nothing.
  Progress(int fd, Quiet quiet);
  Progress(Progress&&) = delete;
  /// Leaves every line in its last state on the terminal.
  ~Progress();

  /// A new line for `id`. Gives back its number.
  std::size_t add(std::string id, std::string_view state,
                  Line line = Line::moving);
  /// Something has happened to it: `Pull complete`.
  void set(std::size_t line, std::string state);
  /// Something goes on: `done` of `total` bytes. In a log, nothing.
  void move(std::size_t line, std::string_view state,
            std::uint64_t done, std::uint64_t total);
  /// A state that will pass, as `Waiting` is. In a log, nothing.
  void pass(std::size_t line, std::string state);
  /// A line of text between what is written over.
  void say(const std::string& text);

 private:
  struct Row {
    std::string id{};
    std::string state{};
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< 0: no bar.
    bool over = false;        ///< It will not move again.
  };
  [[nodiscard]] std::string text_of(const Row& row,
                                    unsigned columns) const;
  void draw(bool all);
  void draw_now_and_then();
  void erase();
  void put(const std::string& text) const;

  int fd_;
  bool quiet_;
  bool terminal_;
  std::mutex mutex_{};
  std::vector<Row> lines_{};
  std::size_t drawn_ = 0;  ///< Lines on the screen that are ours.
  std::chrono::steady_clock::time_point last_{};
};

/// `[=====>    ]` with room for `width` characters inside.
[[nodiscard]] std::string bar(std::uint64_t done, std::uint64_t total,
                              unsigned width);

}  // namespace dockwright
