#include "chapters/10-registry/client/work.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace dockwright {

void Work::worker(std::size_t count, const Begin& begin) noexcept {
  try {
    const Piece piece = begin(stop_.get_token());
    while (!stop_.stop_requested()) {
      const std::size_t number = next_++;
      if (number >= count) return;
      piece(number);
    }
  } catch (...) {
    const std::lock_guard lock{mutex_};
    if (!first_) first_ = std::current_exception();
    stop_.request_stop();  // the others fail by this, later
  }
}

void Work::run(std::size_t count, unsigned workers,
               const Begin& begin) {
  next_ = 0;
  {
    std::vector<std::jthread> threads;
    const auto wanted = std::min<std::size_t>(count, workers);
    for (std::size_t i = 0; i < wanted; ++i)
      threads.emplace_back([&] { worker(count, begin); });
  }  // all have ended
  if (first_) std::rethrow_exception(first_);
}

}  // namespace dockwright
