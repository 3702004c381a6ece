// The bounded queue between the threads of unpacking.

#include "chapters/08-layers/block_ring.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

void put(BlockRing& ring, std::string_view text) {
  const auto room = ring.room();
  std::copy(text.begin(), text.end(), room.begin());
  ring.publish(text.size());
}

std::string all_of(BlockRing& ring, std::size_t reader) {
  std::string text;
  for (auto block = ring.next(reader); !block.empty(); block = ring.next(reader)) text += block;
  return text;
}

}  // namespace

TEST_CASE("each reader of a ring sees every block, in order", "[layers]") {
  BlockRing ring{2};
  std::string first, second, written;
  std::thread one{[&] { first = all_of(ring, 0); }};
  std::thread two{[&] { second = all_of(ring, 1); }};
  for (int i = 0; i < 500; ++i) {
    written += std::to_string(i) + ' ';
    put(ring, std::to_string(i) + ' ');
  }
  ring.end();
  one.join();
  two.join();
  CHECK(first == written);
  CHECK(second == written);
}

TEST_CASE("a ring holds no more than its blocks: the writer waits for the slowest", "[layers]") {
  BlockRing ring{2};
  std::atomic<int> written = 0;
  std::thread writer{[&] {
    for (; written < 100; ++written) put(ring, "block");
    ring.end();
  }};
  std::thread fast{[&] { all_of(ring, 0); }};
  for (int taken = 0; taken < 100; ++taken) {
    CHECK(ring.next(1) == "block");
    CHECK(written <= taken + static_cast<int>(BlockRing::kBlocks) + 1);
  }
  CHECK(ring.next(1).empty());
  writer.join();
  fast.join();
}

TEST_CASE("who is interrupted does not wait: neither writer nor reader", "[layers]") {
  BlockRing ring{1};
  std::thread reader{[&] { CHECK_THROWS_AS(ring.next(0), Interrupted); }};
  ring.interrupt();
  reader.join();
  CHECK_THROWS_AS(ring.room(), Interrupted);
}
