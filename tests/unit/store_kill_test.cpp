// kill -9 at 500 moments. A worker brings images in, names them, unpacks them, takes names away and prunes,
// and tells before and after each step what it does, through a pipe. Whenever it is killed, the next command
// must find a store without a flaw, and everything of which the worker had said that it was done.

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/running.hpp"
#include "chapters/09-images/store_check.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/image_store.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

constexpr int kKills = 500;
constexpr int kImages = 6;

/// What the worker says of one of its images.
enum class Step : std::uint8_t { tagging, tagged, unpacking, unpacked, untagging, untagged };
struct Message {
  Step step;
  std::uint8_t image;
};

std::vector<MadeImage> make_images() {
  std::vector<MadeImage> images;
  const std::string shared = tar_of({{"shared", "by all"}});
  for (int i = 0; i < kImages; ++i) {
    TarFiles files;
    for (int file = 0; file < 60; ++file)
      files.emplace_back(fmt::format("file{}", file),
                         std::string(static_cast<std::size_t>(100 * i + file), 'x'));
    images.push_back(make_image({shared, tar_of(files)}));
  }
  return images;
}

Reference name_of(int image) { return Reference::parse(fmt::format("image:{}", image)); }

Store open_store(const fs::path& path) {
  return Store::open({.root = path, .durability = files::Durability::fleeting});
}

/// Works until it is killed.
class Worker {
 public:
  Worker(const fs::path& path, const std::vector<MadeImage>& images, const UniqueFd& report, unsigned seed)
      : store_{open_store(path)}, images_{images}, report_{report}, random_{seed} {}

  [[noreturn]] void work() {
    for (;;) {
      const int image = static_cast<int>(random_() % kImages);
      switch (random_() % 8) {
        case 0:
          say(Step::untagging, image);
          store_.untag(name_of(image));
          say(Step::untagged, image);
          break;
        case 1:
          (void)collect(store_, Prune::dangling, Store::Wait::yes);
          break;
        case 2:
          run(image);
          break;
        case 3:
          receive(std::string(200'000, static_cast<char>('a' + random_() % 26)) + std::to_string(random_()));
          break;
        case 4:
        case 5:
          add(image);
          break;
        default:
          unpack(image);
      }
    }
  }

 private:
  void say(Step step, int image) {
    const Message message{step, static_cast<std::uint8_t>(image)};
    check(::write(report_.get(), &message, sizeof message), "report");
  }
  [[nodiscard]] bool has(int image) const { return store_.find(name_of(image).familiar()).has_value(); }

  void add(int image) {
    const MadeImage& made = images_[static_cast<std::size_t>(image)];
    for (const std::string& layer : made.layers) receive(layer);
    add_image(store_, made);
    say(Step::tagging, image);
    store_.tag(name_of(image), made.descriptor);
    say(Step::tagged, image);
  }
  /// Layers come in pieces.
  void receive(std::string_view layer) {
    BlobWriter blob = store_.new_blob(Descriptor::of(media::kLayer, layer));
    for (; !layer.empty(); layer.remove_prefix(std::min<std::size_t>(layer.size(), 2048)))
      blob.write(layer.substr(0, 2048));
    (void)blob.commit();
  }
  void unpack(int image) {
    if (!has(image)) return;
    say(Step::unpacking, image);
    const auto& descriptor = images_[static_cast<std::size_t>(image)].descriptor;
    (void)unpacked_layers(store_, load_image(store_, descriptor, Platform::of_this_machine()));
    say(Step::unpacked, image);
  }
  void run(int image) {
    if (!has(image)) return;
    const auto& descriptor = images_[static_cast<std::size_t>(image)].descriptor;
    const Image loaded = load_image(store_, descriptor, Platform::of_this_machine());
    const RunningContainer container{store_, loaded.descriptor, loaded.config.diff_ids};
    (void)files::directory_at(container.directory(), "upper", 0755);
  }

  Store store_;
  const std::vector<MadeImage>& images_;
  const UniqueFd& report_;
  std::minstd_rand random_;
};

/// What the test knows of an image: what was said to be done, and what may be done or not.
struct Known {
  bool tagged = false;
  bool unpacked = false;
  bool certain = true;
};

void learn(std::vector<Known>& all, const Message& message) {
  Known& known = all[message.image];
  switch (message.step) {
    case Step::tagging:
    case Step::untagging:
      known.certain = false;
      break;
    case Step::tagged:
      known.certain = true;
      known.tagged = true;
      break;
    case Step::unpacking:
      break;
    case Step::unpacked:
      known.unpacked = true;
      break;
    case Step::untagged:
      known = {};
      break;
  }
}

/// A worker, killed after `delay`; what it said by then.
void kill_one(const fs::path& path, const std::vector<MadeImage>& images, unsigned seed,
              std::chrono::microseconds delay, std::vector<Known>& known) {
  Pipe report = make_pipe();
  {
    Process worker = spawn({}, [&] {
      report.read_end.reset();
      Worker{path, images, report.write_end, seed}.work();
    });
    report.write_end.reset();
    ::usleep(static_cast<useconds_t>(delay.count()));
    worker.signal(SIGKILL);
    REQUIRE(worker.wait() == 128 + SIGKILL);
  }
  // The end of the pipe comes when its child, if it had one, is gone, too.
  Message message{};
  while (check(::read(report.read_end.get(), &message, sizeof message), "read") > 0) learn(known, message);
}

/// Compares the store with what must be in it.
void compare(const Store& store, const std::vector<MadeImage>& images, std::vector<Known>& known) {
  for (int i = 0; i < kImages; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto found = store.find(name_of(i).familiar());
    CAPTURE(i, known[at].tagged, known[at].unpacked, known[at].certain);
    if (known[at].certain) CHECK(found.has_value() == known[at].tagged);
    known[at].certain = true;
    known[at].tagged = found.has_value();
    if (!found) {
      known[at].unpacked = false;
      continue;
    }
    CHECK(found->descriptor.digest == images[at].descriptor.digest);
    const Image image = load_image(store, found->descriptor, Platform::of_this_machine());
    for (std::size_t layer = 0; layer < image.manifest.layers.size(); ++layer) {
      CHECK(store.has(image.manifest.layers[layer]));
      if (known[at].unpacked) CHECK(find_unpacked(store, image.config.diff_ids[layer]));
    }
  }
}

}  // namespace

TEST_CASE("kill -9 at any moment: the store is whole, and nothing that was done is lost",
          "[store][security][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / "store";
  const std::vector<MadeImage> images = make_images();
  std::vector<Known> known(kImages);
  std::minstd_rand random{20'261'124};
  int left = 0;
  int done = 0;
  for (unsigned kill = 0; kill < kKills; ++kill) {
    CAPTURE(kill);
    kill_one(path, images, kill, std::chrono::microseconds{random() % 30'000}, known);
    for (const char* const part : {"tmp", "containers"})
      if (fs::exists(path / part) && !fs::is_empty(path / part)) ++left;
    const Store store = open_store(path);
    const StoreReport report = check_store(store);
    for (const Flaw& flaw : report.flaws) FAIL_CHECK(flaw.where << ": " << flaw.what);
    CHECK(report.leftovers == 0);
    CHECK(fs::is_empty(path / "containers"));
    compare(store, images, known);
    for (const Known& image : known) done += image.tagged ? 1 : 0;
  }
  // The test is worth something only if it met half-made things, and things that were done.
  CHECK(left > kKills / 20);
  CHECK(done > kKills);
}
