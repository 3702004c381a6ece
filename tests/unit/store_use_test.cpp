// The store in use: layers unpacked, images pruned, flaws found, and what happens when the disk does not play
// along.

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/running.hpp"
#include "chapters/09-images/store_check.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"
#include "common/errors.hpp"
#include "common/process.hpp"
#include "common/sys_user.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/image_store.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

constexpr auto kFleeting = files::Durability::fleeting;

struct TestStore {
  TemporaryDirectory directory{};
  fs::path path = directory.path() / "store";
  Store store = Store::open({.root = path, .durability = kFleeting});
};

template <typename Call>
std::string failure_of(const Call& call) {
  try {
    call();
    return "no failure";
  } catch (const std::exception& error) {
    return describe(error);
  }
}

std::string read(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::size_t entries(const fs::path& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator{directory}, fs::directory_iterator{}));
}

Reference name(const char* text) { return Reference::parse(text); }

MadeImage tagged(const Store& store, const char* text) {
  const MadeImage made = word_image(text);
  add_image(store, made);
  store.tag(name(text), made.descriptor);
  return made;
}

Image load(const Store& store, const MadeImage& made) {
  return load_image(store, made.descriptor, Platform::of_this_machine());
}

std::vector<std::string> flaws(const Store& store) {
  std::vector<std::string> all;
  for (const Flaw& flaw : check_store(store).flaws) all.push_back(flaw.where + ": " + flaw.what);
  return all;
}

/// Runs `body` in a mount namespace where `path` is a tmpfs of `size`.
int on_small_disk(const fs::path& path, const char* size, const std::function<void()>& body) {
  Process child = spawn({.namespaces = CLONE_NEWNS}, [&] {
    check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "keep mounts to ourselves");
    check(::mount("tmpfs", path.c_str(), "tmpfs", 0, fmt::format("size={}", size).c_str()),
          "mount a small disk");
    body();
  });
  child.expect_started();
  return child.wait();
}

}  // namespace

TEST_CASE("a layer is unpacked once, with its mark, and its size is known from then on",
          "[store][needs-root]") {
  NEEDS_ROOT();
  const TestStore test;
  const MadeImage made = make_image({tar_of({{"hello", "world"}, {"other", "12345"}})});
  add_image(test.store, made);
  test.store.tag(name("flask"), made.descriptor);
  const Image image = load(test.store, made);
  const auto layers = unpacked_layers(test.store, image);
  REQUIRE(layers.size() == 1);
  const fs::path layer = test.path / "layers" / image.config.diff_ids[0].hex();
  CHECK(read(layer / "fs/hello") == "world");
  const auto mark = find_unpacked(test.store, image.config.diff_ids[0]);
  REQUIRE(mark);
  CHECK(mark->bytes == 10);
  CHECK(mark->entries == 2);
  CHECK(test.store.images().at(0).bytes == 10);
  struct stat first {};
  struct stat second {};
  REQUIRE(::stat((layer / "fs/hello").c_str(), &first) == 0);
  (void)unpacked_layers(test.store, image);
  REQUIRE(::stat((layer / "fs/hello").c_str(), &second) == 0);
  CHECK(first.st_ino == second.st_ino);
  CHECK(entries(test.path / "tmp") == 0);
}

TEST_CASE("a layer that unpacks to another diff ID does not come in", "[store][security][needs-root]") {
  NEEDS_ROOT();
  const TestStore test;
  const MadeImage made = word_image("one");
  add_image(test.store, made);
  const Descriptor blob = Descriptor::of(media::kLayer, made.layers[0]);
  CHECK(contains(failure_of([&] { (void)unpacked_layer(test.store, blob, Digest::of("another")); }),
                 "and the image's config says " + Digest::of("another").str()));
  CHECK(entries(test.path / "layers") == 0);
  CHECK(entries(test.path / "tmp") == 0);
}

TEST_CASE("a layer whose blob was changed in the store does not come in", "[store][security][needs-root]") {
  NEEDS_ROOT();
  const TestStore test;
  const MadeImage made = word_image("one");
  add_image(test.store, made);
  const Descriptor blob = Descriptor::of(media::kLayer, made.layers[0]);
  std::string changed = made.layers[0];
  changed[512] ^= 1;
  std::ofstream{test.path / "blobs/sha256" / blob.digest.hex()} << changed;
  CHECK(contains(failure_of([&] { (void)unpacked_layer(test.store, blob, Digest::of(made.layers[0])); }),
                 "damaged"));
  CHECK(entries(test.path / "layers") == 0);
  CHECK(entries(test.path / "tmp") == 0);
}

TEST_CASE("a layer that arrives becomes a blob and a directory in one go, or neither",
          "[store][security][needs-root]") {
  NEEDS_ROOT();
  const TestStore test;
  const std::string archive = tar_of({{"f", "content"}});
  const Descriptor blob = Descriptor::of(media::kLayer, archive);
  // In a child: it takes threads, and later tests want to make children.
  const auto receive = [&](const std::string& bytes, const Digest& diff_id) {
    return failure_of([&] {
      Process child =
          spawn({}, [&] { receive_layer(test.store, std::make_unique<MemorySource>(bytes), blob, diff_id); });
      child.expect_started();
    });
  };
  std::string changed = archive;
  changed[512] ^= 1;
  CHECK(contains(receive(changed, Digest::of(archive)), "what came is"));
  CHECK(contains(receive(archive + "more", Digest::of(archive)), "more than"));
  CHECK(contains(receive(archive.substr(0, archive.size() - 512), Digest::of(archive)), "were announced"));
  CHECK(contains(receive(archive, Digest::of("x")), "the image's config says"));
  CHECK(entries(test.path / "layers") + entries(test.path / "tmp") + entries(test.path / "blobs/sha256") ==
        0);
  CHECK(receive(archive, Digest::of(archive)) == "no failure");
  CHECK(test.store.has(blob));
  CHECK(find_unpacked(test.store, Digest::of(archive)));
}

TEST_CASE("two processes that unpack one layer at once both get it", "[store][needs-root]") {
  NEEDS_ROOT();
  const TestStore test;
  TarFiles many;
  for (int i = 0; i < 300; ++i) many.emplace_back(fmt::format("file{}", i), std::string(100, 'x'));
  const MadeImage made = make_image({tar_of(many)});
  add_image(test.store, made);
  std::vector<Process> both;
  for (int i = 0; i < 2; ++i)
    both.push_back(spawn({}, [&] {
      const Store store = Store::open({.root = test.path, .durability = kFleeting});
      return unpacked_layers(store, load(store, made)).size() == 1 ? 0 : 1;
    }));
  for (Process& one : both) {
    one.expect_started();
    CHECK(one.wait() == 0);
  }
  CHECK(entries(test.path / "layers") == 1);
  CHECK(entries(test.path / "tmp") == 0);
  CHECK(flaws(test.store).empty());
}

TEST_CASE("a directory of a layer without its mark is unpacked again", "[store][needs-root]") {
  NEEDS_ROOT();
  const TestStore test;
  const MadeImage made = tagged(test.store, "one");
  const std::string hex = Digest::of(made.layers[0]).hex();
  fs::create_directories(test.path / "layers" / hex / "fs/wrong");
  CHECK(flaws(test.store) ==
        std::vector<std::string>{"layers/" + hex + ": without the mark of a whole layer"});
  (void)unpacked_layers(test.store, load(test.store, made));
  CHECK(read(test.path / "layers" / hex / "fs/word") == "one");
  CHECK_FALSE(fs::exists(test.path / "layers" / hex / "fs/wrong"));
  CHECK(flaws(test.store).empty());
  CHECK(entries(test.path / "tmp") == 0);
}

TEST_CASE("pruning removes what no image needs, and nothing else", "[store][needs-root]") {
  NEEDS_ROOT();
  TestStore test;
  const std::string shared = tar_of({{"base", "b"}});
  const MadeImage first = make_image({shared, tar_of({{"a", "1"}})});
  const MadeImage second = make_image({shared, tar_of({{"a", "2"}})});
  for (const MadeImage* const made : {&first, &second}) {
    add_image(test.store, *made);
    test.store.tag(name("flask"), made->descriptor);  // the second takes the name of the first
    (void)unpacked_layers(test.store, load(test.store, *made));
  }
  CHECK(collect(test.store, Prune::none, Store::Wait::yes)->blobs.empty());
  const auto gone = collect(test.store, Prune::dangling, Store::Wait::yes);
  REQUIRE(gone);
  REQUIRE(gone->images.size() == 1);
  CHECK(gone->images[0].descriptor.digest == first.descriptor.digest);
  CHECK(gone->blobs.size() == 3);
  CHECK(gone->layers == std::vector<Digest>{Digest::of(first.layers[1])});
  CHECK(gone->bytes > 0);
  CHECK(flaws(test.store).empty());
  CHECK(read(test.path / "layers" / Digest::of(shared).hex() / "fs/base") == "b");
  CHECK(load(test.store, second).manifest.layers.size() == 2);
  CHECK(collect(test.store, Prune::unused, Store::Wait::yes)->blobs.size() == 4);
  CHECK(entries(test.path / "blobs/sha256") + entries(test.path / "layers") + entries(test.path / "tmp") ==
        0);
}

TEST_CASE("what a running container stands on stays, until it ends", "[store][needs-root]") {
  NEEDS_ROOT();
  TestStore test;
  const MadeImage made = tagged(test.store, "flask");
  const Image image = load(test.store, made);
  (void)unpacked_layers(test.store, image);
  {
    const RunningContainer container{test.store, image.descriptor, image.config.diff_ids};
    CHECK(container.id().size() == 64);
    fs::create_directories(fs::path{container.path()} / "upper/deep");
    REQUIRE(containers_in_use(test.store).size() == 1);
    CHECK(containers_in_use(test.store)[0].image->digest == image.descriptor.digest);
    CHECK(collect(test.store, Prune::unused, Store::Wait::yes)->images.empty());
    test.store.forget(made.descriptor.digest);
    CHECK(collect(test.store, Prune::unused, Store::Wait::yes)->blobs.empty());
    CHECK(find_unpacked(test.store, image.config.diff_ids[0]));
  }
  CHECK(entries(test.path / "containers") == 0);
  CHECK(collect(test.store, Prune::unused, Store::Wait::yes)->blobs.size() == 3);
}

TEST_CASE("nothing is pruned while others add", "[store]") {
  TestStore test;
  const Store other = Store::open({.root = test.path, .durability = kFleeting});
  add_image(other, word_image("not yet named"));
  CHECK_FALSE(collect(test.store, Prune::unused, Store::Wait::no));
  CHECK(entries(test.path / "blobs/sha256") == 3);
}

TEST_CASE("nothing is pruned when a document is damaged: nobody knows what it needs", "[store][security]") {
  TestStore test;
  const MadeImage made = tagged(test.store, "flask");
  const fs::path manifest = test.path / "blobs/sha256" / made.descriptor.digest.hex();
  const std::string before = read(manifest);
  std::ofstream{manifest} << std::string(before.size(), ' ');
  const std::string said = failure_of([&] { (void)collect(test.store, Prune::none, Store::Wait::yes); });
  CHECK(contains(said, "nothing is removed"));
  CHECK(entries(test.path / "blobs/sha256") == 3);
  CHECK(test.store.untag(name("flask")));
  CHECK(collect(test.store, Prune::none, Store::Wait::yes)->blobs.size() == 3);
}

TEST_CASE("a check finds every flaw", "[store][needs-root]") {
  NEEDS_ROOT();
  const TestStore test;
  const MadeImage made = tagged(test.store, "flask");
  (void)unpacked_layers(test.store, load(test.store, made));
  CHECK(flaws(test.store).empty());
  const fs::path blobs = test.path / "blobs/sha256";
  const std::string layer = Digest::of(made.layers[0]).hex();
  const auto expect = [&](const std::string& part) {
    const auto all = flaws(test.store);
    CAPTURE(part, all);
    CHECK(std::any_of(all.begin(), all.end(), [&](const std::string& flaw) { return contains(flaw, part); }));
    CHECK(all.size() == 1);
  };
  SECTION("a bit of a blob") {
    std::fstream file{blobs / layer};
    file.seekp(600);
    file.put('~');
    file.close();
    expect("blobs/sha256/" + layer + ": damaged");
  }
  SECTION("a blob that is gone") {
    fs::remove(blobs / layer);
    expect(layer + " is missing");
  }
  SECTION("a config that is gone") {
    fs::remove(blobs / Digest::of(made.config).hex());
    expect(Digest::of(made.config).hex() + " is missing");
  }
  SECTION("a manifest that is gone") {
    fs::remove(blobs / made.descriptor.digest.hex());
    expect("flask:latest: " + made.descriptor.digest.str() + " is missing");
  }
  SECTION("a file that is no blob") {
    std::ofstream{blobs / "README"} << "x";
    expect("README: no blob is called so");
  }
  SECTION("a mark that is gone") {
    fs::remove(test.path / "layers" / layer / "mark");
    expect("without the mark");
  }
  SECTION("a layer's files that are gone") {
    fs::remove_all(test.path / "layers" / layer / "fs");
    expect("it has a mark, and no files");
  }
  SECTION("a store that others may enter") {
    fs::permissions(test.path, fs::perms::all);
    expect("others may enter it");
  }
  SECTION("an index that is no JSON") {
    std::ofstream{test.path / "index.json"} << "{";
    expect("index.json");
  }
}

TEST_CASE("a disk that is full while a blob comes in is an error, and leaves nothing",
          "[store][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  CHECK(on_small_disk(directory.path(), "256k", [&] {
          const Store store = Store::open({.root = directory.path() / "store"});
          tagged(store, "small");
          const std::string said = failure_of([&] {
            BlobWriter blob = store.new_blob();
            for (int i = 0; i < 100; ++i) blob.write(std::string(8192, 'x'));
          });
          if (!contains(said, "No space left on device")) throw Failure{said};
          if (!flaws(store).empty() || check_store(store).leftovers != 0) throw Failure{"something is left"};
          if (!store.find("small")) throw Failure{"what was there is lost"};
        }) == 0);
}

TEST_CASE("a disk that is full while a layer is unpacked is an error, and leaves nothing",
          "[store][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  CHECK(on_small_disk(directory.path(), "1200k", [&] {
          const Store store = Store::open({.root = directory.path() / "store"});
          const MadeImage made =
              make_image({tar_of({{"a", std::string(400'000, 'x')}, {"b", std::string(400'000, 'y')}})});
          add_image(store, made);
          store.tag(name("large"), made.descriptor);
          const std::string said = failure_of([&] { (void)unpacked_layers(store, load(store, made)); });
          if (!contains(said, "No space left on device")) throw Failure{said};
          if (!flaws(store).empty() || check_store(store).leftovers != 0) throw Failure{"something is left"};
          tagged(store, "small");
        }) == 0);
}

TEST_CASE("a store that can only be read is read, and says so to who would write", "[store][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  CHECK(on_small_disk(directory.path(), "1m", [&] {
          const std::string root = directory.path() / "store";
          const MadeImage made = word_image("flask");
          {
            const Store store = Store::open({.root = root});
            add_image(store, made);
            store.tag(name("flask"), made.descriptor);
          }
          check(::mount(nullptr, directory.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr),
                "remount");
          const Store store = Store::open({.root = root});
          if (store.images().size() != 1 || !store.find("flask")) throw Failure{"it cannot be read"};
          const std::string said = failure_of([&] { store.tag(name("other"), made.descriptor); });
          if (!contains(said, "Read-only file system")) throw Failure{said};
        }) == 0);
}

TEST_CASE("without root a layer is unpacked by root of a user namespace, and so is removed",
          "[store][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  fs::permissions(directory.path(), fs::perms::all);
  const fs::path path = directory.path() / "store";
  Process user = spawn({}, [&] {
    sys::setgroups({});
    sys::setresgid(65534);
    sys::setresuid(65534);
    check(::prctl(PR_SET_DUMPABLE, 1), "own /proc/self again, as a program does that a user starts");
    try {
      as_root_of_user_namespace([] {});
    } catch (const Failure&) {
      return 77;
    }
    Store store = Store::open({.root = path, .durability = kFleeting});
    const MadeImage made =
        make_image({tar_of({{"kept", "x"}, {"dir/.wh.gone", ""}, {"dir/.wh..wh..opq", ""}})});
    add_image(store, made);
    store.tag(name("flask"), made.descriptor);
    if (unpacked_layers(store, load(store, made)).size() != 1) return 1;
    const auto mark = find_unpacked(store, Digest::of(made.layers[0]));
    if (!mark || !mark->rootless || !flaws(store).empty()) return 2;
    const fs::path tree = path / "layers" / mark->diff_id.hex() / "fs";
    if (read(tree / "kept") != "x" || !fs::is_character_file(tree / "dir/gone")) return 3;
    char value = 0;
    if (::getxattr((tree / "dir").c_str(), "user.overlay.opaque", &value, 1) != 1 || value != 'y') return 4;
    store.forget(made.descriptor.digest);
    return collect(store, Prune::none, Store::Wait::yes)->layers.size() == 1 ? 0 : 5;
  });
  user.expect_started();
  const int code = user.wait();
  if (code == 77) {
    WARN("skipped: needs user namespaces for users");
    return;
  }
  CHECK(code == 0);
  CHECK(fs::is_empty(path / "layers"));
  CHECK(fs::is_empty(path / "tmp"));
}

TEST_CASE("a tree is removed however deep, and links in it lead nowhere", "[files][security]") {
  const TemporaryDirectory directory;
  const UniqueFd top{::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  fs::create_directories(directory.path() / "outside");
  std::ofstream{directory.path() / "outside/kept"} << "x";
  fs::create_directories(directory.path() / "tree");
  fs::create_directory_symlink("../outside", directory.path() / "tree/link");
  UniqueFd at = files::directory_at(top, "tree", 0700);
  for (int depth = 0; depth < 3000; ++depth) {  // deeper than there may be open files, or than a path is long
    std::ofstream{fmt::format("/proc/self/fd/{}/file", at.get())} << "x";
    at = files::directory_at(at, "d", 0700);
  }
  at.reset();
  files::remove_tree(top, "tree");
  CHECK_FALSE(fs::exists(directory.path() / "tree"));
  CHECK(fs::exists(directory.path() / "outside/kept"));
  files::remove_tree(top, "tree");
}
