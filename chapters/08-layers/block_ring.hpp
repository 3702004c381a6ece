#pragma once
// A bounded queue between threads: one writes blocks, and each of
// several readers sees them all. It is how unpacking overlaps: while
// one thread inflates the next blocks, another hashes those that are
// there, and a third makes files of them. The memory is the ring's,
// whatever the size of the layer; who is fast waits for who is slow.
//
//     writer ->  [ 7 ][ 8 ][ 9 ][   ][ 4 ][ 5 ][ 6 ]
//                            ^         ^         ^
//                        next to fill  |     reader 1 (waits for 7)
//                                   reader 0 holds 4, so it is kept

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/08-layers/stream.hpp"

namespace dockwright {

/// What a thread throws, and nobody prints, when another has failed.
class Interrupted : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override {
    return "another thread failed";
  }
};

class BlockRing {
 public:
  static constexpr std::size_t kBlocks = 32;
  static constexpr std::size_t kBlockSize = 256UL * 1024;
  /// So many blocks must be worth it before somebody is woken: a thread
  /// that wakes for every block spends its time on falling asleep.
  static constexpr std::size_t kWorth = 8;

  explicit BlockRing(std::size_t readers);

  /// Waits for a block that every reader is done with, of kBlockSize.
  /// @throws Interrupted after `interrupt`
  [[nodiscard]] std::span<char> room();
  /// The first `size` bytes of that block are written.
  void publish(std::size_t size);
  /// No more will come.
  void end();
  /// Nobody is to wait any longer: all ends here, and badly.
  void interrupt() noexcept;

  /// Waits for the next block of reader `reader`, who is then done with
  /// the one before; empty at the end. @throws Interrupted
  [[nodiscard]] std::string_view next(std::size_t reader);

 private:
  [[nodiscard]] std::uint64_t free() const;

  std::array<std::string, kBlocks> blocks_{};
  std::array<std::size_t, kBlocks> sizes_{};
  std::mutex mutex_{};
  std::condition_variable more_{}, less_{};
  std::uint64_t written_ = 0;
  std::vector<std::uint64_t> released_;  ///< By each reader.
  std::vector<std::uint64_t> taken_;
  bool ended_ = false;
  bool interrupted_ = false;
};

/// One reader's view of a ring. @pre the ring outlives it
class RingSource : public Source {
 public:
  RingSource(BlockRing& ring, std::size_t reader)
      : ring_{ring}, reader_{reader} {}
  std::string_view next() override { return ring_.next(reader_); }

 private:
  BlockRing& ring_;
  std::size_t reader_;
};

}  // namespace dockwright
