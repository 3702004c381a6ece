#pragma once
// A pipe between two threads: one brings bytes from the network, the
// other unpacks them. It is short, so a fast network waits for a slow
// disk, and memory stays small.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>

#include "chapters/08-layers/stream.hpp"
#include "chapters/10-registry/client/repository.hpp"

namespace dockwright {

/// The writing end is a BlobSink, the reading end a Source.
class ByteQueue : public BlobSink {
 public:
  ByteQueue() = default;
  ByteQueue(ByteQueue&&) = delete;

  /// Waits while the queue is full. @throws Stopped when nobody reads
  /// any more
  void write(std::string_view bytes) override;
  /// All has come.
  void close();
  /// Nothing more will come: whoever reads gets this thrown.
  void fail(std::exception_ptr failure);
  /// Nobody reads any more.
  void abandon();

  /// The next bytes, empty at the end. They stay until the next call.
  std::string_view next();

 private:
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::deque<std::string> blocks_{};
  std::string current_{};  ///< What the reader was given.
  std::size_t bytes_ = 0;
  bool closed_ = false;
  bool abandoned_ = false;
  std::exception_ptr failure_{};
};

/// The reading end.
class QueueSource : public Source {
 public:
  explicit QueueSource(ByteQueue& queue) : queue_{queue} {}
  std::string_view next() override { return queue_.next(); }

 private:
  ByteQueue& queue_;
};

}  // namespace dockwright
