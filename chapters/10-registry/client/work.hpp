#pragma once
// Several things at once, and the first failure ends them all.

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>

namespace dockwright {

/// Does `count` pieces of work by `workers` threads. Each worker calls
/// `begin(stop)` for what it needs of its own, and what that gives back
/// with the number of a piece, as long as there are any.
/// @throws what the first piece threw that failed, when all have ended
class Work {
 public:
  using Piece = std::function<void(std::size_t)>;
  using Begin = std::function<Piece(std::stop_token)>;
  void run(std::size_t count, unsigned workers, const Begin& begin);

 private:
  void worker(std::size_t count, const Begin& begin) noexcept;
  std::atomic<std::size_t> next_ = 0;
  std::stop_source stop_{};
  std::mutex mutex_{};
  std::exception_ptr first_{};
};

}  // namespace dockwright
