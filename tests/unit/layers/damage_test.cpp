// Archives that are damaged, cut off, or too large for the disk: an error that says so, and no thread that
// waits for ever.

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "common/check.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/layers/archives.hpp"
#include "tests/unit/layers/layer_room.hpp"

using namespace dockwright;

namespace {

std::string some_archive() {
  return archive_of({directory("a"),
                     file("a/f", "short"),
                     file("a/g", std::string(1500, 'g')),
                     {.type = '0', .name = "x", .data = "x", .pax = {{"path", "a/long"}}},
                     symlink_to("f", "a/s")});
}

}  // namespace

TEST_CASE("an archive that is cut off anywhere is an error", "[layers]") {
  const std::string whole = some_archive();
  for (std::size_t size = 0; size <= whole.size() - 1024; size += 64) {
    const LayerRoom room;
    CAPTURE(size, whole.size());
    CHECK_FALSE(room.failure(whole.substr(0, size)).empty());
    CHECK(room.is_unharmed());
  }
}

TEST_CASE("an archive that is cut off between two entries is an error that says so", "[layers]") {
  const LayerRoom room;
  CHECK(
      contains(room.failure(blocks_of(file("a", "x")) + blocks_of(file("b", "y"))), "without an end marker"));
}

TEST_CASE("a packed archive that is cut off is an error", "[layers]") {
  const std::string whole = GENERATE(gzip_of(some_archive()), zstd_of(some_archive()));
  for (std::size_t size = 4; size < whole.size(); size += 3) {
    const LayerRoom room;
    CAPTURE(size, whole.size());
    CHECK_FALSE(room.failure(whole.substr(0, size)).empty());
  }
}

TEST_CASE("a flipped bit is an error, or another digest", "[layers]") {
  const std::string whole = some_archive();
  for (std::size_t bit = 0; bit < 8 * whole.size(); bit += 37) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const LayerRoom room;
    CAPTURE(bit);
    try {
      const auto applied = room.apply(damaged);
      CHECK(applied.diff_id != Digest::of(whole));
    } catch (const std::exception&) {  // as well
    }
    CHECK(room.is_unharmed());
  }
}

TEST_CASE("what is no tar archive is an error that says so", "[layers]") {
  const LayerRoom room;
  for (const std::string& text :
       {std::string{}, std::string{"text"}, std::string(4096, 'x'), gzip_of("text")}) {
    CAPTURE(text);
    CHECK(contains(room.failure(text), "damaged or no tar archive"));
  }
}

TEST_CASE("other formats than tar are not even tried", "[layers][security]") {
  const LayerRoom room;
  CHECK_FALSE(room.failure("070707" + std::string(1000, '0')).empty());       // cpio
  CHECK_FALSE(room.failure("PK\x03\x04" + std::string(1000, '\0')).empty());  // zip
  CHECK(room.tree().size() == 1);
}

TEST_CASE("a source that fails in the middle ends all threads", "[layers]") {
  class Failing : public Source {
   public:
    std::string_view next() override {
      if (++given_ > 20) throw Failure{"the network went away"};
      return block_;
    }

   private:
    std::string block_ = blocks_of(file("big", std::string(300'000, 'x')));
    int given_ = 0;
  };
  const LayerRoom room;
  const UniqueFd into = sys::open(room.layer(), O_RDONLY | O_DIRECTORY);
  CHECK_THROWS_WITH(apply_layer(std::make_unique<Failing>(), into, {.owners = false}),
                    "the network went away");
}

TEST_CASE("a writer that fails early does not wait for the rest", "[layers]") {
  // More than the ring of blocks holds comes behind the entry that is refused.
  const LayerRoom room;
  const std::string archive = archive_of({file("../out"), file("big", std::string(12'000'000, 'x'))});
  CHECK(contains(room.failure(archive), "leaves the root"));
}

TEST_CASE("a disk that is full in the middle is an error that says so", "[layers][needs-root]") {
  NEEDS_ROOT();
  const LayerRoom room;
  REQUIRE(::mount("tmpfs", room.layer().c_str(), "tmpfs", 0, "size=1m") == 0);
  const std::string archive =
      archive_of({file("small", "x"), file("big", std::string(9'000'000, 'x')), file("last")});
  const std::string failure = room.failure(archive);
  ::umount2(room.layer().c_str(), MNT_DETACH);
  CHECK(contains(failure, "write big"));
  CHECK(contains(failure, "No space left on device"));
  CHECK(contains(failure, "cause: the file system that the layers are unpacked to is full"));
}
