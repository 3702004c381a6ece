// What a layer adds, changes and hides, from archives and directories alike.

#include "chapters/08-layers/layer_changes.hpp"

#include <cstdint>

#include "chapters/08-layers/archive_writer.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;

namespace {

using Kind = ArchiveEntry::Kind;

Node layer_of(const std::vector<ArchiveEntry>& entries, const ArchiveLimits& limits = {}) {
  MemorySink archive;
  ArchiveWriter writer{archive};
  for (const ArchiveEntry& entry : entries) {
    writer.begin(entry);
    if (entry.kind == Kind::file) writer.write(std::string(entry.size, 'x'));
  }
  writer.finish();
  return read_contents(std::make_unique<MemorySource>(archive.bytes()), limits);
}

ArchiveEntry file(const std::string& name, std::uint64_t size) {
  return {.kind = Kind::file, .name = name, .mode = 0644, .size = size};
}

ArchiveEntry directory(const std::string& name, mode_t mode = 0755) {
  return {.kind = Kind::directory, .name = name, .mode = mode};
}

/// `+a(1) ~b(2<3) -c(<4)`: one word for each name that changes.
void tell(const Change& change, const std::string& parent, std::string& text) {
  const std::string path = parent + change.name;
  switch (change.what) {
    case Change::What::added:
      text += "+" + path + "(" + std::to_string(change.amount.bytes) + ") ";
      break;
    case Change::What::changed:
      text += "~" + path + "(" + std::to_string(change.amount.bytes) + "<" +
              std::to_string(change.before.bytes) + ") ";
      break;
    case Change::What::hidden:
      text += "-" + path + "(" + std::to_string(change.before.bytes) + ") ";
      break;
    default:
      break;
  }
  for (const Change& child : change.children) tell(child, change.name.empty() ? "" : path + "/", text);
}

std::string told(const Node& layer, const Node& below) {
  std::string text;
  tell(compare_layer(layer, below), "", text);
  return text;
}

const std::vector<ArchiveEntry> kBase = {directory("etc/"), file("etc/motd", 10), file("etc/passwd", 20),
                                         directory("doc/"), file("doc/a", 3),     file("doc/b", 4)};

std::string refusal(const std::vector<ArchiveEntry>& entries, const ArchiveLimits& limits = {}) {
  try {
    static_cast<void>(layer_of(entries, limits));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "read";
}

}  // namespace

TEST_CASE("the first layer adds all that it has", "[layers]") {
  const Node base = layer_of(kBase);
  CHECK(told(base, {}) == "+doc(7) +doc/a(3) +doc/b(4) +etc(30) +etc/motd(10) +etc/passwd(20) ");
  const Summary sums = summary_of(compare_layer(base, {}));
  CHECK(sums == Summary{.added = {.files = 4, .bytes = 37}});
}

TEST_CASE("what is there already is changed, and what is removed is hidden", "[layers]") {
  const Node layer = layer_of({directory("etc/"), file("etc/motd", 12), file("etc/.wh.passwd", 0),
                               file("etc/new", 1), file(".wh.doc", 0)});
  const Node base = layer_of(kBase);
  CHECK(told(layer, base) == "-doc(7) ~etc/motd(12<10) +etc/new(1) -etc/passwd(20) ");
  const Summary sums = summary_of(compare_layer(layer, base));
  CHECK(sums == Summary{.added = {1, 1}, .changed = {1, 12}, .was = {1, 10}, .hidden = {3, 27}});
}

TEST_CASE("an opaque directory hides what it does not have, wherever its mark stands", "[layers]") {
  const Node base = layer_of(kBase);
  const std::string expected = "~etc/motd(1<10) -etc/passwd(20) ";
  CHECK(told(layer_of({directory("etc/"), file("etc/.wh..wh..opq", 0), file("etc/motd", 1)}), base) ==
        expected);
  CHECK(told(layer_of({directory("etc/"), file("etc/motd", 1), file("etc/.wh..wh..opq", 0)}), base) ==
        expected);
}

TEST_CASE("a directory is changed when its rights are, and a file that was a directory hides it",
          "[layers]") {
  const Node base = layer_of(kBase);
  CHECK(told(layer_of({directory("etc/", 0700)}), base) == "~etc(0<0) ");
  CHECK(told(layer_of({file("doc", 5)}), base) == "~doc(5<7) ");
  CHECK(told(layer_of({directory("etc/motd/"), file("etc/motd/x", 1)}), base) ==
        "~etc(1<0) ~etc/motd(1<10) +etc/motd/x(1) ");
}

TEST_CASE("layers lie over each other before the last is compared", "[layers]") {
  Node below = layer_of(kBase);
  lay_over(below,
           layer_of({directory("etc/"), file("etc/.wh.motd", 0), file("etc/new", 5), file(".wh.doc", 0)}));
  CHECK(amount_of(below) == Amount{.files = 2, .bytes = 25});
  CHECK(told(layer_of({directory("etc/"), file("etc/motd", 1), file("etc/new", 2), file("etc/.wh.never", 0)}),
             below) == "+etc/motd(1) -etc/never(0) ~etc/new(2<5) ");
}

TEST_CASE("a further name of a file counts nothing", "[layers]") {
  const Node layer =
      layer_of({file("a", 10), {.kind = Kind::hard_link, .name = "b", .link = "a"}, file("./c//d", 1)});
  CHECK(told(layer, {}) == "+a(10) +b(0) +c(1) +c/d(1) ");
}

TEST_CASE("an archive that leaves its root, or asks for too much, is refused", "[layers][bad][security]") {
  CHECK(contains(refusal({file("../x", 0)}), "leaves the root"));
  CHECK(contains(refusal({file("a/.wh.", 0)}), "hides nothing"));
  CHECK(contains(refusal(kBase, {.entries = 3}), "entries"));
  CHECK(contains(refusal(kBase, {.bytes = 25}), "bytes"));
  CHECK(contains(refusal({file("a/b/c/d", 0)}, {.path_depth = 3}), "path_depth"));
}
