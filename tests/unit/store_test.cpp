// The store: what is in it can be found and is what it says; what is wrong does not come in.

#include "chapters/09-images/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/running.hpp"
#include "chapters/09-images/store_check.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "common/check.hpp"
#include "common/errors.hpp"
#include "common/process.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/image_store.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

constexpr auto kFleeting = files::Durability::fleeting;

/// A store of its own in a directory that goes with it.
struct TestStore {
  TemporaryDirectory directory{};
  fs::path path = directory.path() / "store";
  Store store = Store::open({.root = path, .durability = kFleeting});
  [[nodiscard]] Store again() const { return Store::open({.root = path, .durability = kFleeting}); }
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

std::size_t entries(const fs::path& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator{directory}, fs::directory_iterator{}));
}

std::vector<std::string> names(const Store& store) {
  std::vector<std::string> all;
  for (const StoredImage& image : store.images())
    all.push_back(image.name ? image.name->familiar() : "<none>");
  return all;
}

void write(const fs::path& path, std::string_view text) { std::ofstream{path} << text; }

Reference name(const char* text) { return Reference::parse(text); }

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a store is private, whatever the umask, and an OCI image layout", "[store][security]") {
  const mode_t before = ::umask(0);
  const TestStore test;
  ::umask(before);
  struct stat status {};
  for (const char* const part : {"", "blobs", "blobs/sha256", "layers", "containers", "tmp"}) {
    CAPTURE(part);
    REQUIRE(::stat((test.path / part).c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0700);
  }
  const auto layout = nlohmann::json::parse(std::ifstream{test.path / "oci-layout"});
  CHECK(layout == nlohmann::json{{"imageLayoutVersion", "1.0.0"}});
  CHECK(nlohmann::json::parse(std::ifstream{test.path / "index.json"}).at("manifests").empty());
}

TEST_CASE("a store of a later version is refused by name", "[store]") {
  const TestStore test;
  write(test.path / "version", "dockwright store 2\n");
  CHECK(contains(failure_of([&] { (void)test.again(); }), "its format is 2, and 1 is known here"));
  write(test.path / "version", "what\n");
  CHECK(contains(failure_of([&] { (void)test.again(); }), "not what a store has there"));
}

TEST_CASE("a directory that is something else is left alone", "[store][security]") {
  const TemporaryDirectory directory;
  write(directory.path() / "precious", "x");
  CHECK(contains(failure_of([&] { (void)Store::open({.root = directory.path()}); }), "no store of ours"));
  CHECK(entries(directory.path()) == 1);
}

TEST_CASE("a store that was half made is finished", "[store]") {
  TestStore test;
  { const Store gone = std::move(test.store); }
  for (const char* const part : {"oci-layout", "index.json", "containers"}) fs::remove(test.path / part);
  const Store store = test.again();
  CHECK(store.images().empty());
  CHECK(fs::exists(test.path / "oci-layout"));
}

TEST_CASE("a blob with another size or digest than announced does not come in", "[store][security]") {
  const TestStore test;
  const Descriptor right = Descriptor::of(media::kLayer, "the bytes");
  const auto offer = [&](std::string_view bytes) {
    return failure_of([&] {
      BlobWriter blob = test.store.new_blob(right);
      blob.write(bytes.substr(0, 4));
      blob.write(bytes.substr(4));
      (void)blob.commit();
    });
  };
  CHECK(contains(offer("the byte"), "8 bytes came, and 9 were announced"));
  CHECK(contains(offer("the bytes!"), "more than the 9 bytes"));
  CHECK(contains(offer("the bytez"), "what came is sha256:"));
  CHECK_FALSE(test.store.has(right));
  CHECK(entries(test.path / "blobs/sha256") == 0);
  CHECK(entries(test.path / "tmp") == 0);
  CHECK(offer("the bytes") == "no failure");
  CHECK(test.store.has(right));
  CHECK(test.store.read_document(right) == "the bytes");
  CHECK(entries(test.path / "tmp") == 0);
}

TEST_CASE("a writer that is given up leaves nothing", "[store]") {
  const TestStore test;
  {
    BlobWriter blob = test.store.new_blob();
    blob.write("half of");
    BlobWriter moved = std::move(blob);
    CHECK(entries(test.path / "tmp") == 1);
  }
  CHECK(entries(test.path / "tmp") == 0);
}

TEST_CASE("a document that was changed in the store is not believed", "[store][security]") {
  const TestStore test;
  const Descriptor document = test.store.add_document(media::kConfig, "{}");
  write(test.path / "blobs/sha256" / document.digest.hex(), "[]");
  CHECK(contains(failure_of([&] { (void)test.store.read_document(document); }), "damaged"));
  write(test.path / "blobs/sha256" / document.digest.hex(), "{ }");
  CHECK(contains(failure_of([&] { (void)test.store.read_document(document); }),
                 "has 3 bytes, and should have 2"));
  CHECK_FALSE(test.store.has(document));
  // Written again it is whole again.
  test.store.add_document(media::kConfig, "{}");
  CHECK(test.store.read_document(document) == "{}");
}

TEST_CASE("a blob that is a link or a pipe is not read", "[store][security]") {
  const TestStore test;
  const Descriptor document = Descriptor::of(media::kConfig, "{}");
  const fs::path path = test.path / "blobs/sha256" / document.digest.hex();
  fs::create_symlink("/etc/passwd", path);
  CHECK_FALSE(test.store.has(document));
  CHECK_THROWS(test.store.open_blob(document));
  fs::remove(path);
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK_THROWS(test.store.open_blob(document));
}

TEST_CASE("an image is found by name, by ID and by the beginning of one", "[store]") {
  const TestStore test;
  const MadeImage made = word_image("one");
  add_image(test.store, made);
  test.store.tag(name("alice/flask:2"), made.descriptor);
  const std::string id = Digest::of(made.config).hex();
  for (const std::string& text :
       {std::string{"alice/flask:2"}, std::string{"docker.io/alice/flask:2"}, id, "sha256:" + id,
        id.substr(0, 12), id.substr(0, 4), made.descriptor.digest.hex(), made.descriptor.digest.str(),
        "alice/flask@" + made.descriptor.digest.str()}) {
    CAPTURE(text);
    const auto found = test.store.find(text);
    REQUIRE(found);
    CHECK(found->descriptor.digest == made.descriptor.digest);
    CHECK(found->id == Digest::of(made.config));
    CHECK(found->created == "2026-01-01T00:00:00Z");
  }
  for (const std::string& text :
       {std::string{"alice/flask"}, std::string{"flask:2"}, std::string{"Nonsense!"}, std::string{""},
        std::string(64, '0'), "other@" + made.descriptor.digest.str()}) {
    CAPTURE(text);
    CHECK_FALSE(test.store.find(text));
  }
}

TEST_CASE("the beginning of two IDs is refused with both", "[store]") {
  const TestStore test;
  for (int i = 0; i < 17; ++i) {  // more than there are digits
    const MadeImage made = word_image(std::to_string(i));
    add_image(test.store, made);
    test.store.tag(name(fmt::format("image:{}", i).c_str()), made.descriptor);
  }
  std::string said;
  for (const char digit : std::string{"0123456789abcdef"})
    said += failure_of([&] { (void)test.store.find(std::string{digit}); });
  CHECK(contains(said, "several images begin with "));
}

TEST_CASE("a name moves to another image, and the one that had it keeps none", "[store]") {
  const TestStore test;
  const MadeImage first = word_image("first");
  const MadeImage second = word_image("second");
  add_image(test.store, first);
  add_image(test.store, second);
  test.store.tag(name("flask"), first.descriptor);
  test.store.tag(name("flask:old"), first.descriptor);
  CHECK(names(test.store) == Names{"flask:latest", "flask:old"});
  test.store.tag(name("flask"), second.descriptor);
  CHECK(names(test.store) == Names{"flask:old", "flask:latest"});
  test.store.tag(name("flask:old"), second.descriptor);
  CHECK(names(test.store) == Names{"flask:latest", "<none>", "flask:old"});
  CHECK(test.store.find(first.descriptor.digest.hex())->descriptor.digest == first.descriptor.digest);
  test.store.tag(name("again"), first.descriptor);
  CHECK(names(test.store) == Names{"flask:latest", "again:latest", "flask:old"});
  test.store.tag(name("again"), first.descriptor);
  CHECK(names(test.store).size() == 3);
}

TEST_CASE("an image is forgotten with its last name", "[store]") {
  const TestStore test;
  const MadeImage made = word_image("one");
  add_image(test.store, made);
  test.store.tag(name("a"), made.descriptor);
  test.store.tag(name("b"), made.descriptor);
  CHECK(test.store.untag(name("a")));
  CHECK_FALSE(test.store.untag(name("a")));
  CHECK(names(test.store) == Names{"b:latest"});
  CHECK(test.store.forget(made.descriptor.digest));
  CHECK(names(test.store).empty());
  test.store.keep(made.descriptor);
  test.store.keep(made.descriptor);
  CHECK(names(test.store) == Names{"<none>"});
}

TEST_CASE("an image that is not there gets no name", "[store]") {
  const TestStore test;
  CHECK(contains(failure_of([&] { test.store.tag(name("flask"), word_image("x").descriptor); }),
                 "is not in the store"));
  CHECK(names(test.store).empty());
}

TEST_CASE("what others wrote into the index is kept, and their names are understood", "[store]") {
  const TestStore test;
  const MadeImage theirs = word_image("theirs");
  const MadeImage ours = word_image("ours");
  add_image(test.store, theirs);
  add_image(test.store, ours);
  const nlohmann::json entry = {
      {"mediaType", media::kManifest},
      {"digest", theirs.descriptor.digest.str()},
      {"size", theirs.descriptor.size},
      {"annotations", {{"org.opencontainers.image.ref.name", "their/own:1"}, {"x", "y"}}},
      {"unheard-of", 1}};
  const nlohmann::json index = {{"schemaVersion", 2}, {"manifests", {entry}}, {"more", {1, 2}}};
  write(test.path / "index.json", index.dump());
  CHECK(names(test.store) == Names{"their/own:1"});
  test.store.tag(name("flask"), ours.descriptor);
  const auto now = nlohmann::json::parse(std::ifstream{test.path / "index.json"});
  CHECK(now.at("more") == nlohmann::json({1, 2}));
  CHECK(now.at("manifests").at(0).at("unheard-of") == 1);
  CHECK(now.at("manifests").at(0).at("annotations").at("x") == "y");
  CHECK(names(test.store) == Names{"their/own:1", "flask:latest"});
}

TEST_CASE("an image's documents must fit each other", "[store][security]") {
  const TestStore test;
  MadeImage made = word_image("one");
  add_image(test.store, made);
  const auto load = [&](const nlohmann::json& manifest) {
    return failure_of([&] {
      const Descriptor changed = test.store.add_document(media::kManifest, manifest.dump());
      (void)load_image(test.store, changed, Platform::of_this_machine());
    });
  };
  const auto manifest = nlohmann::json::parse(made.manifest);
  CHECK(load(manifest) == "no failure");
  auto layers = manifest;
  layers["layers"].push_back(layers["layers"][0]);
  CHECK(contains(load(layers), "has 2 layers, and its config"));
  auto artifact = manifest;
  artifact["config"]["mediaType"] = "application/vnd.example.helm";
  CHECK(contains(load(artifact), "an artifact"));
  auto sized = manifest;
  sized["config"]["size"] = 7;
  CHECK(contains(load(sized), "and should have 7"));
  auto missing = manifest;
  missing["config"]["digest"] = Digest::of("nothing").str();
  CHECK(contains(load(missing), "is not in the store"));
  Descriptor lied = made.descriptor;
  lied.media_type = media::kIndex;
  CHECK(contains(failure_of([&] { (void)load_image(test.store, lied, Platform::of_this_machine()); }),
                 "announced as"));
}

TEST_CASE("of an index the image for a platform is loaded", "[store]") {
  const TestStore test;
  const MadeImage arm =
      make_image({tar_of({{"a", "arm"}})}, "2026-01-02T00:00:00Z", Platform::parse("linux/arm64"));
  add_image(test.store, arm);
  Index index{.media_type = std::string{media::kIndex},
              .manifests = {arm.descriptor, word_image("x").descriptor}};
  index.manifests[0].platform = Platform::parse("linux/arm64");
  index.manifests[1].platform = Platform::parse("linux/s390x");
  const Descriptor top = test.store.add_document(media::kIndex, index.to_json());
  CHECK(load_image(test.store, top, Platform::parse("linux/arm64/v8")).descriptor.digest ==
        arm.descriptor.digest);
  CHECK(contains(failure_of([&] { (void)load_image(test.store, top, Platform::parse("linux/s390x")); }),
                 "is not in the store"));
  CHECK(contains(failure_of([&] { (void)load_image(test.store, top, Platform::parse("linux/riscv64")); }),
                 "there is linux/arm64, linux/s390x"));
  test.store.tag(name("multi"), top);
  CHECK(check_store(test.store).flaws.empty());  // the other platform's was not fetched
}

TEST_CASE("several processes may write at once: no blob is torn and no name lost", "[store]") {
  const TestStore test;
  constexpr int kWriters = 4;
  constexpr int kEach = 15;
  std::vector<Process> writers;
  for (int writer = 0; writer < kWriters; ++writer)
    writers.push_back(spawn({}, [&test, writer] {
      const Store store = test.again();
      for (int i = 0; i < kEach; ++i) {
        const MadeImage made = word_image(std::to_string(i));  // all the same ones
        add_image(store, made);
        store.tag(name(fmt::format("w{}:{}", writer, i).c_str()), made.descriptor);
      }
    }));
  for (Process& writer : writers) {
    writer.expect_started();
    CHECK(writer.wait() == 0);
  }
  CHECK(names(test.store).size() == kWriters * kEach);
  const StoreReport report = check_store(test.store);
  CHECK(report.flaws.empty());
  CHECK(report.blobs == 3 * kEach);
  CHECK(report.leftovers == 0);
}

TEST_CASE("what a killed program left is removed by the next command, but not while others work", "[store]") {
  TestStore test;
  write(test.path / "tmp/blob-1234", "half");
  fs::create_directories(test.path / "tmp/layer-1/fs/deep/er");
  fs::create_directories(test.path / ("containers/" + std::string(64, 'a') + "/upper/x"));
  {
    const Store other = test.again();
    CHECK(entries(test.path / "tmp") == 2);
  }
  { const Store gone = std::move(test.store); }
  const Store next = test.again();
  CHECK(entries(test.path / "tmp") == 0);
  CHECK(entries(test.path / "containers") == 0);
}

TEST_CASE("the default place of the store follows root, XDG and --root", "[store]") {
  const auto with = [](const char* variable, const char* value) { ::setenv(variable, value, 1); };
  with("DOCKWRIGHT_ROOT", "/somewhere");
  CHECK(default_store_root() == "/somewhere");
  ::unsetenv("DOCKWRIGHT_ROOT");
  if (::geteuid() == 0) CHECK(default_store_root() == "/var/lib/dockwright");
}
