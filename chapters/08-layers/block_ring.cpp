#include "chapters/08-layers/block_ring.hpp"

#include <algorithm>

namespace dockwright {

BlockRing::BlockRing(std::size_t readers)
    : released_(readers, 0), taken_(readers, 0) {}

std::uint64_t BlockRing::free() const {
  const auto slowest =
      std::min_element(released_.begin(), released_.end());
  return kBlocks - (written_ - *slowest);
}

std::span<char> BlockRing::room() {
  std::unique_lock lock{mutex_};
  less_.wait(lock, [&] { return interrupted_ || free() > 0; });
  if (interrupted_) throw Interrupted{};
  std::string& block = blocks_[written_ % kBlocks];
  if (block.empty()) block.resize(kBlockSize);
  return block;
}

void BlockRing::publish(std::size_t size) {
  const std::lock_guard lock{mutex_};
  sizes_[written_ % kBlocks] = size;
  if (++written_ % kWorth == 0) more_.notify_all();
}

void BlockRing::end() {
  const std::lock_guard lock{mutex_};
  ended_ = true;
  more_.notify_all();
}

void BlockRing::interrupt() noexcept {
  const std::lock_guard lock{mutex_};
  interrupted_ = true;
  more_.notify_all();
  less_.notify_all();
}

std::string_view BlockRing::next(std::size_t reader) {
  std::unique_lock lock{mutex_};
  if (released_[reader] != taken_[reader]) {
    released_[reader] = taken_[reader];
    if (free() >= kWorth) less_.notify_one();
  }
  more_.wait(lock, [&] {
    return interrupted_ || ended_ || taken_[reader] < written_;
  });
  if (interrupted_) throw Interrupted{};
  if (taken_[reader] == written_) return {};
  const std::size_t at = taken_[reader]++ % kBlocks;
  return std::string_view{blocks_[at]}.substr(0, sizes_[at]);
}

}  // namespace dockwright
