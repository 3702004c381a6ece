// An upper directory as an archive: what is in it, that it is always the same, and what cannot be in one.

#include "chapters/08-layers/layer_diff.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fstream>

#include "chapters/08-layers/archive_reader.hpp"
#include "chapters/08-layers/zero_runs.hpp"
#include "common/check.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path} << text;
}

std::string pack(const fs::path& path, const DiffOptions& options = {}) {
  const UniqueFd directory{check(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open it")};
  MemorySink archive;
  const WrittenLayer layer = write_layer(directory, archive, options);
  CHECK(layer.bytes == archive.bytes().size());
  CHECK(layer.diff_id == Digest::of(archive.bytes()));
  return archive.bytes();
}

std::vector<ArchiveEntry> entries(const std::string& archive) {
  MemorySource source{archive};
  const ArchiveLimits limits;
  ArchiveReader reader{source, limits};
  std::vector<ArchiveEntry> result;
  for (ArchiveEntry entry; reader.next(entry);) result.push_back(entry);
  return result;
}

std::string names(const std::string& archive) {
  std::string text;
  for (const ArchiveEntry& entry : entries(archive)) text += entry.name + "|";
  return text;
}

/// What packing says that it cannot.
std::string refusal(const fs::path& path, const DiffOptions& options = {}) {
  try {
    pack(path, options);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "packed";
}

void mark(const fs::path& path, const char* name, const std::string& value) {
  check(::setxattr(path.c_str(), name, value.data(), value.size(), 0), "set {}", name);
}

}  // namespace

TEST_CASE("files are packed in the order of their names, whatever the order in which they came", "[layers]") {
  const TemporaryDirectory one;
  const TemporaryDirectory other;
  const std::vector<std::string> files = {"b/x", "a", "c/d/e", "B", "\xc3\xbc"};
  for (const auto& file : files) write(one.path() / file, file);
  for (auto file = files.rbegin(); file != files.rend(); ++file) write(other.path() / *file, *file);
  CHECK(names(pack(one.path())) == "B|a|b/|b/x|c/|c/d/|c/d/e|\xc3\xbc|");
  const DiffOptions long_ago{.latest_time = 1'000'000'000};
  CHECK(pack(one.path(), long_ago) == pack(other.path(), long_ago));
}

TEST_CASE("an archive holds nothing of the day or the machine", "[layers]") {
  const TemporaryDirectory directory;
  write(directory.path() / "file", "text");
  const timespec times[2] = {{1'234'567'890, 123}, {1'000'000'000, 987'654'321}};
  check(::utimensat(AT_FDCWD, (directory.path() / "file").c_str(), times, 0), "set the times");
  const std::string before = pack(directory.path());
  const auto entry = entries(before).at(0);
  CHECK(entry.change_time.tv_sec == 1'000'000'000);
  CHECK(entry.change_time.tv_nsec == 0);
  CHECK(before.size() == 512 + 512 + 1024);  // a header, the text, the end: nothing else
  CHECK(pack(directory.path(), {.latest_time = 5}) != before);
  CHECK(entries(pack(directory.path(), {.latest_time = 5})).at(0).change_time.tv_sec == 5);
}

TEST_CASE("names that are long, foreign or no text at all come through", "[layers]") {
  const TemporaryDirectory directory;
  const std::vector<std::string> odd = {std::string(255, 'n'), "\xc3\xbc \xe6\xbc\xa2", "bad\xff\xfe",
                                        "new\nline",
                                        std::string(200, 'a') + "/" + std::string(200, 'b') + "/c"};
  for (const auto& name : odd) write(directory.path() / name, "x");
  const std::string found = names(pack(directory.path()));
  for (const auto& name : odd) {
    CAPTURE(name);
    CHECK(contains(found, name + "|"));
  }
}

TEST_CASE("a file of several names is packed once", "[layers]") {
  const TemporaryDirectory directory;
  write(directory.path() / "a" / "first", "text");
  fs::create_hard_link(directory.path() / "a" / "first", directory.path() / "b");
  const auto found = entries(pack(directory.path()));
  REQUIRE(found.size() == 3);
  CHECK(found[1].kind == ArchiveEntry::Kind::file);
  CHECK(found[2].kind == ArchiveEntry::Kind::hard_link);
  CHECK(found[2].link == "a/first");
}

TEST_CASE("a socket is left out, a pipe is not", "[layers]") {
  const TemporaryDirectory directory;
  const UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string path = directory.path() / "socket";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  check(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "make a socket");
  check(::mkfifo((directory.path() / "pipe").c_str(), 0600), "make a pipe");
  CHECK(names(pack(directory.path())) == "pipe|");
}

TEST_CASE("a hole is what is zero for long, whether the disk has saved it or not", "[layers]") {
  const TemporaryDirectory holes;
  const TemporaryDirectory zeroes;
  const std::string text = "end";
  write(holes.path() / "file", "");
  fs::resize_file(holes.path() / "file", 8 << 20);
  std::ofstream{holes.path() / "file", std::ios::app} << text;
  write(zeroes.path() / "file", std::string(8 << 20, '\0') + text);
  const DiffOptions long_ago{.latest_time = 1};
  const std::string archive = pack(holes.path(), long_ago);
  CHECK(archive.size() < 10'000);
  CHECK((archive == pack(zeroes.path(), long_ago)));
  CHECK(entries(archive).at(0).size == (8U << 20U) + text.size());
}

TEST_CASE("runs of zeroes become holes from a megabyte on", "[layers]") {
  const TemporaryDirectory directory;
  const auto data_of = [&](const std::string& contents) {
    write(directory.path() / "file", contents);
    const UniqueFd file{::open((directory.path() / "file").c_str(), O_RDONLY | O_CLOEXEC)};
    std::string text;
    for (const DataRun& run : find_data(file, contents.size()))
      text += std::to_string(run.offset) + "+" + std::to_string(run.size) + " ";
    return text;
  };
  const std::string megabyte(1 << 20, '\0');
  CHECK(data_of("x") == "");
  CHECK(data_of(std::string(2 << 20, 'x')) == "");
  CHECK(data_of("x" + megabyte.substr(4097) + "x" + std::string(4096, 'x')) == "");
  CHECK(data_of(megabyte) == "1048576+0 ");
  CHECK(data_of(megabyte + "x") == "1048576+1 ");
  CHECK(data_of("x" + megabyte + megabyte) == "0+4096 ");
  CHECK(data_of("x" + megabyte + megabyte + "x") == "0+4096 2097152+2 ");
}

TEST_CASE("overlay's marks become whiteouts, and only they", "[layers][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  const fs::path base = directory.path();
  fs::create_directories(base / "etc" / "new");
  fs::create_directories(base / "srv");
  check(::mknod((base / "etc" / "gone").c_str(), S_IFCHR, 0), "hide a file");
  check(::mknod((base / "null").c_str(), S_IFCHR | 0666, makedev(1, 3)), "make a device");
  mark(base / "etc" / "new", "trusted.overlay.opaque", "y");
  mark(base / "srv", "user.overlay.opaque", "y");
  mark(base / "srv", "trusted.overlay.opaque", "x");  // Linux 6.7: it holds marks of another kind
  CHECK(names(pack(base)) == "etc/|etc/.wh.gone|etc/new/|etc/new/.wh..wh..opq|null|srv/|");
  CHECK(names(pack(base, {.whiteouts = Whiteouts::user})) ==
        "etc/|etc/.wh.gone|etc/new/|null|srv/|srv/.wh..wh..opq|");
  CHECK(names(pack(base, {.whole_tree = true})) == "etc/|etc/new/|null|srv/|");
}

TEST_CASE("attributes pass that belong to files, and no others", "[layers][needs-root]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  write(directory.path() / "ping", "x");
  const std::string capability{
      "\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20};
  mark(directory.path() / "ping", "security.capability", capability);
  mark(directory.path() / "ping", "user.note", "kept");
  mark(directory.path() / "ping", "user.overlay.note", "ours");
  mark(directory.path() / "ping", "trusted.overlay.origin", "overlay's");
  mark(directory.path() / "ping", "trusted.note", "the machine's");
  const auto attributes = entries(pack(directory.path())).at(0).attributes;
  REQUIRE(attributes.size() == 2);
  CHECK(attributes[0] == std::pair<std::string, std::string>{"security.capability", capability});
  CHECK(attributes[1] == std::pair<std::string, std::string>{"user.note", "kept"});
}

TEST_CASE("what is not whole, or would mean something else, is refused by name",
          "[layers][needs-root][bad]") {
  NEEDS_ROOT();
  const TemporaryDirectory directory;
  write(directory.path() / "half", "");
  mark(directory.path() / "half", "trusted.overlay.metacopy", "");
  CHECK(contains(refusal(directory.path()), "half is not whole"));
  fs::remove(directory.path() / "half");
  fs::create_directory(directory.path() / "moved");
  mark(directory.path() / "moved", "trusted.overlay.redirect", "/x");
  CHECK(contains(refusal(directory.path()), "moved is not whole"));
  CHECK(refusal(directory.path(), {.whole_tree = true}) == "packed");
  fs::remove(directory.path() / "moved");
  for (const char* const name : {".wh.x", ".wh..wh..opq", ".wh."}) {
    write(directory.path() / name, "");
    CHECK(contains(refusal(directory.path()), "cannot be in a layer"));
    fs::remove(directory.path() / name);
  }
  CHECK(refusal(directory.path()) == "packed");
}

TEST_CASE("directories without end are refused before descriptors run out", "[layers][bad]") {
  const TemporaryDirectory directory;
  int here = ::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int i = 0; i < 600; ++i) {
    check(::mkdirat(here, "d", 0700), "go deeper");
    const int below = ::openat(here, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ::close(here);
    here = below;
  }
  ::close(here);
  CHECK(contains(refusal(directory.path()), "deeper than 512 directories"));
}
