// The cache of builds: what has the same inputs is found, what differs in one of them is not, and why that is
// can be told.

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/store_check.hpp"
#include "chapters/12-build-cache/cache/build_cache.hpp"
#include "chapters/12-build-cache/cache/exported_cache.hpp"
#include "chapters/12-build-cache/cache/missed.hpp"
#include "chapters/12-build-cache/cache/retire.hpp"
#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/image_store.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

/// A store of its own, and the cache in it.
struct TestCache {
  TemporaryDirectory directory{};
  fs::path path = directory.path() / "store";
  Store store = Store::open({.root = path, .durability = files::Durability::fleeting});
  BuildCache cache{store};

  [[nodiscard]] fs::path file_of(const CacheRecord& record) const {
    return path / "cache" / record.inputs.key().hex();
  }
};

StepInputs run_inputs(std::string_view command, std::string_view below = "base") {
  StepInputs inputs;
  inputs.add("step", "RUN");
  inputs.add("the layers below", below);
  inputs.add("the command", command);
  inputs.add("ENV PATH", "/bin");
  inputs.add("USER", "");
  return inputs;
}

/// A record whose layer is in the store.
CacheRecord kept_step(const TestCache& test, std::string_view command) {
  const Descriptor blob = test.store.add_document(media::kLayer, fmt::format("the layer of {}", command));
  CacheRecord record{.inputs = run_inputs(command),
                     .step = fmt::format("RUN {}", command),
                     .layer = BuiltLayer{.blob = blob, .diff_id = blob.digest, .newest = 7}};
  test.cache.keep(record);
  return record;
}

/// As if the machine had been started again since.
void start_again(const TestCache& test, const CacheRecord& record) {
  std::string text;
  std::getline(std::ifstream{test.file_of(record)}, text);
  const std::size_t place = text.find(R"("boot":")") + 8;
  text.replace(place, 8, "an older");
  struct stat status {};
  REQUIRE(::stat(test.file_of(record).c_str(), &status) == 0);
  fs::remove(test.file_of(record));
  std::ofstream{test.file_of(record)} << text;
  REQUIRE(::chmod(test.file_of(record).c_str(), status.st_mode) == 0);
}

}  // namespace

TEST_CASE("a key knows every input, its name and its place", "[cache][security]") {
  std::vector<StepInputs> others{run_inputs("make"), run_inputs("make ", "base"),
                                 run_inputs("make", "base2")};
  StepInputs moved = run_inputs("");  // what one input loses, the next one gains
  moved.add("a", "bc");
  StepInputs other_name = run_inputs("");
  other_name.add("ab", "c");
  StepInputs twice = run_inputs("");
  twice.add("a", "b");
  twice.add("a", "b");
  StepInputs once = run_inputs("");
  once.add("a", "b");
  for (const StepInputs& more : {moved, other_name, twice, once}) others.push_back(more);
  std::set<Digest> keys;
  for (const StepInputs& inputs : others) keys.insert(inputs.key());
  CHECK(keys.size() == others.size());
  CHECK(run_inputs("make").key() == run_inputs("make").key());
}

TEST_CASE("the same layers upon others are another root", "[cache][security]") {
  const Digest a = Digest::of("a");
  const Digest b = Digest::of("b");
  CHECK(chain_id({a, b}) != chain_id({b, a}));
  CHECK(chain_id({b}) != chain_id({a, b}));
  CHECK(chain_id({}) != chain_id({a}));
  // As the OCI image specification has it.
  CHECK(chain_id({a}) == a);
  CHECK(chain_id({a, b}) == Digest::of(a.str() + " " + b.str()));
}

TEST_CASE("what a step made is found by its inputs, and by no others", "[cache]") {
  const TestCache test;
  const CacheRecord record = kept_step(test, "make");
  REQUIRE(test.cache.find(run_inputs("make")));
  CHECK(*test.cache.find(run_inputs("make")) == record);
  CHECK_FALSE(test.cache.find(run_inputs("make", "another base")));
  CHECK_FALSE(test.cache.find(run_inputs("make all")));
}

TEST_CASE("a record without its layer, or of another step, is none", "[cache][security]") {
  const TestCache test;
  const CacheRecord record = kept_step(test, "make");
  SECTION("its blob is gone") {
    fs::remove(test.path / "blobs/sha256" / record.layer->blob.digest.hex());
    CHECK_FALSE(test.cache.find(record.inputs));
    CHECK(contains(check_store(test.store).flaws.at(0).what, "is missing"));
  }
  SECTION("it is another step's, under this one's name") {
    const CacheRecord other = kept_step(test, "evil");
    fs::rename(test.file_of(other), test.file_of(record));
    CHECK_FALSE(test.cache.find(record.inputs));
    CHECK(contains(check_store(test.store).flaws.at(0).what, "no record of a step"));
  }
  SECTION("it is damaged") {
    std::ofstream{test.file_of(record)} << "{";
    CHECK_FALSE(test.cache.find(record.inputs));
    CHECK(test.cache.entries().empty());
    kept_step(test, "make");
    CHECK(test.cache.find(record.inputs));
  }
  SECTION("it is a link") {
    fs::rename(test.file_of(record), test.path / "elsewhere");
    fs::create_symlink(test.path / "elsewhere", test.file_of(record));
    CHECK_THROWS(test.cache.find(record.inputs));
  }
}

TEST_CASE("a record outlives its boot only when the disk has the layer", "[cache]") {
  const TestCache test;
  const CacheRecord record = kept_step(test, "make");
  SECTION("not sealed") {
    start_again(test, record);
    CHECK_FALSE(test.cache.find(record.inputs));
    test.cache.seal({record});  // a later boot cannot know what the disk has
    CHECK_FALSE(test.cache.find(record.inputs));
  }
  SECTION("sealed") {
    test.cache.seal({record});
    start_again(test, record);
    CHECK(test.cache.find(record.inputs));
  }
}

TEST_CASE("values are not to be read from the cache", "[cache][security]") {
  const TestCache test;
  CacheRecord record{.inputs = run_inputs("make"), .step = "RUN make"};
  record.inputs.add("ARG TOKEN", "hunter2");
  test.cache.keep(record);
  std::string text;
  std::getline(std::ifstream{test.file_of(record)}, text);
  CHECK(contains(text, "ARG TOKEN"));
  CHECK_FALSE(contains(text, "hunter2"));
}

TEST_CASE("pruning images leaves the cache its layers, until it forgets them", "[cache]") {
  TestCache test;
  const CacheRecord record = kept_step(test, "make");
  REQUIRE(collect(test.store, Prune::unused, Store::Wait::no));
  CHECK(test.cache.find(record.inputs));
  CHECK(check_store(test.store).records == 1);
  CHECK(check_store(test.store).unused_blobs == 0);
  test.cache.forget(record.inputs.key().hex());
  CHECK(collect(test.store, Prune::none, Store::Wait::no)->blobs.size() == 1);
  CHECK_FALSE(test.cache.find(record.inputs));
}

TEST_CASE("who comes to a step second waits until the first is done, or dead", "[cache]") {
  const TestCache test;
  const Digest key = Digest::of("key");
  UniqueFd turn = test.cache.take_turn(key);
  const UniqueFd another = test.cache.take_turn(Digest::of("another"));
  Pipe said = make_pipe();
  Process second = spawn({.speaker = "the second"}, [&] {
    turn.reset();  // its copy of the first one's
    const UniqueFd mine = test.cache.take_turn(key);
    files::write_all(said.write_end, "x", "the pipe");
  });
  said.write_end.reset();
  pollfd heard{.fd = said.read_end.get(), .events = POLLIN, .revents = 0};
  CHECK(::poll(&heard, 1, 200) == 0);
  turn.reset();
  CHECK(::poll(&heard, 1, 10'000) == 1);
  CHECK(second.wait() == 0);
}

TEST_CASE("a miss says which input changed", "[cache]") {
  const auto entry = [](const StepInputs& inputs) {
    return CacheEntry{.name = inputs.key().hex(), .record = {.inputs = inputs}};
  };
  const auto why = [&](const StepInputs& inputs, std::vector<StepInputs> before) {
    std::vector<CacheEntry> entries;
    for (const StepInputs& one : before) entries.push_back(entry(one));
    return why_missed(inputs, entries);
  };
  CHECK(why(run_inputs("make"), {}) == "nothing like it was built before");
  CHECK(why(run_inputs("make"), {run_inputs("make all")}) == "the command changed");
  CHECK(why(run_inputs("make"), {run_inputs("make", "old")}) == "the layers below changed");
  CHECK(why(run_inputs("make"), {run_inputs("test", "old")}) == "nothing like it was built before");
  CHECK(why(run_inputs("make"), {run_inputs("make")}) == "its layer is gone");
  StepInputs argued = run_inputs("make");
  argued.add("ARG VERSION", "2");
  CHECK(why(argued, {run_inputs("make")}) == "ARG VERSION changed");
  CHECK(why(run_inputs("make"), {argued, run_inputs("test", "old")}) == "ARG VERSION changed");
  CHECK(why(argued, {run_inputs("make", "old"), run_inputs("make")}) == "ARG VERSION changed");
}

TEST_CASE("the longest unused records go first, and no more than must", "[cache]") {
  std::vector<CacheEntry> entries;
  for (int i = 0; i < 4; ++i) {  // the last used one first
    CacheEntry entry{.name = std::string(1, static_cast<char>('a' + i)), .used = 100 - i, .bytes = 10};
    const Digest layer = Digest::of(entry.name);
    entry.record.layer = BuiltLayer{.blob = Descriptor::of(media::kLayer, entry.name), .diff_id = layer};
    entries.push_back(entry);
  }
  const auto chosen = [&](const RetireRules& rules, const std::set<Digest>& of_images = {}) {
    std::string names;
    for (const CacheEntry& entry : choose_to_retire(entries, rules, of_images)) names += entry.name;
    return names;
  };
  CHECK(chosen({}) == "abcd");
  CHECK(chosen({}, {Digest::of("b")}) == "acd");
  CHECK(chosen({.all = true}, {Digest::of("b")}) == "abcd");
  CHECK(chosen({.before = 98}) == "d");
  CHECK(chosen({.keep_bytes = 25}) == "cd");
  CHECK(chosen({.keep_bytes = 0}) == "abcd");
  CHECK(chosen({.keep_bytes = 40}).empty());
  CHECK(chosen({.keep_bytes = 10}, {Digest::of("a"), Digest::of("b")}) == "d");
  CHECK(chosen({.ids = {"b", ""}}) == "b");
  entries[1].record.layer = entries[0].record.layer;  // on the disk once
  CHECK(chosen({.keep_bytes = 20}) == "d");
}

TEST_CASE("a cache is carried elsewhere, whole", "[cache]") {
  const TestCache here;
  const TestCache there;
  const std::string directory = here.directory.path() / "carried";
  const CacheRecord one = kept_step(here, "one");
  const CacheRecord two = kept_step(here, "two");
  export_cache(here.store, {kept_step(here, "before")}, directory);
  export_cache(here.store, {one, two}, directory);
  const ForeignCache foreign{directory};
  CHECK_FALSE(foreign.find(there.store, run_inputs("before")));
  CHECK_FALSE(there.store.has(one.layer->blob));
  REQUIRE(foreign.find(there.store, run_inputs("one")));
  CHECK(*foreign.find(there.store, run_inputs("one")) == one);
  CHECK(there.store.has(one.layer->blob));
  CHECK_FALSE(there.store.has(two.layer->blob));  // nobody asked
}

TEST_CASE("a carried cache that was changed on the way is not believed", "[cache][security]") {
  const TestCache here;
  const TestCache there;
  const fs::path directory = here.directory.path() / "carried";
  const CacheRecord record = kept_step(here, "make");
  export_cache(here.store, {record}, directory);
  const auto failure = [&] {
    try {
      (void)ForeignCache{directory}.find(there.store, record.inputs);
      return std::string{"none"};
    } catch (const std::exception& error) {
      return std::string{error.what()};
    }
  };
  CHECK(failure() == "none");
  fs::remove(there.path / "blobs/sha256" / record.layer->blob.digest.hex());
  SECTION("its layer") {
    std::ofstream{directory / "blobs/sha256" / record.layer->blob.digest.hex()} << "the layer of fake";
    CHECK(contains(failure(), "what came is sha256:"));
    CHECK_FALSE(there.store.has(record.layer->blob));
  }
  SECTION("its list") {
    for (const auto& file : fs::directory_iterator{directory / "blobs/sha256"}) {
      std::string text;
      std::getline(std::ifstream{file.path()}, text);
      const std::size_t place = text.find("RUN make");
      if (place == std::string::npos) continue;
      std::ofstream{file.path()} << text.replace(place, 8, "RUN take");
    }
    CHECK(contains(failure(), "is damaged"));
  }
  SECTION("its index") {
    std::ofstream{directory / "index.json"} << "[]";
    CHECK(contains(failure(), "index.json"));
  }
  SECTION("a layer is missing: the step is made") {
    fs::remove(directory / "blobs/sha256" / record.layer->blob.digest.hex());
    CHECK_FALSE(ForeignCache{directory}.find(there.store, record.inputs));
  }
  SECTION("all of it") {
    fs::remove_all(directory);
    CHECK(contains(failure(), "open the cache in"));
  }
}

TEST_CASE("where a cache is carried to is a directory, and nothing else", "[cache]") {
  const auto failure = [](std::string_view text) {
    try {
      (void)parse_cache_place("--cache-to", text);
      return std::string{"none"};
    } catch (const Failure& error) {
      return std::string{error.what()};
    }
  };
  CHECK(parse_cache_place("--cache-from", "type=local,src=/a b").directory == "/a b");
  CHECK(parse_cache_place("--cache-to", "type=local,dest=d,mode=max").all_stages);
  CHECK(contains(failure("type=registry,ref=x/y"), "ref=x/y: type=local"));
  CHECK(contains(failure("x/y:cache"), "'registry' is not"));
  CHECK(contains(failure("type=local"), "in which directory?"));
  CHECK(contains(failure("type=local,dest=d,mode=some"), "mode=min|max"));
}
