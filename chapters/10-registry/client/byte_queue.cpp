#include "chapters/10-registry/client/byte_queue.hpp"

namespace dockwright {

namespace {
constexpr std::size_t kBlock = 1U << 20;
constexpr std::size_t kMost = 4 * kBlock;
}  // namespace

void ByteQueue::write(std::string_view bytes) {
  if (bytes.empty()) return;  // to the reader it would be the end
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return abandoned_ || bytes_ < kMost; });
  if (abandoned_) throw Stopped{};
  // Small pieces are gathered: the reader is woken less often.
  if (blocks_.empty() || blocks_.back().size() + bytes.size() > kBlock)
    blocks_.emplace_back().reserve(kBlock);
  blocks_.back() += bytes;
  bytes_ += bytes.size();
  lock.unlock();
  changed_.notify_all();
}

void ByteQueue::close() {
  const std::lock_guard lock{mutex_};
  closed_ = true;
  changed_.notify_all();
}

void ByteQueue::fail(std::exception_ptr failure) {
  const std::lock_guard lock{mutex_};
  failure_ = std::move(failure);
  changed_.notify_all();
}

void ByteQueue::abandon() {
  const std::lock_guard lock{mutex_};
  abandoned_ = true;
  changed_.notify_all();
}

std::string_view ByteQueue::next() {
  std::unique_lock lock{mutex_};
  changed_.wait(
      lock, [&] { return failure_ || closed_ || !blocks_.empty(); });
  if (failure_) std::rethrow_exception(failure_);
  if (blocks_.empty()) return {};
  current_ = std::move(blocks_.front());
  blocks_.pop_front();
  bytes_ -= current_.size();
  lock.unlock();
  changed_.notify_all();
  return current_;
}

}  // namespace dockwright
