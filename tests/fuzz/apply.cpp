// Layers of strangers: whatever an archive holds, unpacking it ends, and changes nothing outside.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "chapters/08-layers/layer_apply.hpp"
#include "chapters/08-layers/remove_tree.hpp"
#include "common/sys.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/layers/archives.hpp"

namespace dockwright {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 512;

/// Where layers are unpacked: in memory if there is such a place. Beside the layer stands what it must not
/// touch.
class Place {
 public:
  Place() {
    std::string pattern =
        (::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : fs::temp_directory_path().native()) +
        std::string{"/dockwright-fuzz-XXXXXX"};
    path_ = ::mkdtemp(pattern.data());
    fs::create_directory(path_ / "outside");
    std::ofstream{path_ / "outside/precious"} << "untouched";
    directory_ = sys::open(path_, O_RDONLY | O_DIRECTORY);
  }
  Place(Place&&) = delete;
  ~Place() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  void apply(const std::string& archive) const {
    sys::mkdirat(directory_, "layer", 0755);
    const bool root = ::geteuid() == 0;
    const ApplyOptions options{
        .whiteouts = root ? Whiteouts::trusted : Whiteouts::user,
        .limits = {.bytes = 4U << 20U, .file_bytes = 1U << 20U, .entries = 1000, .path_depth = 40},
        .owners = root};
    try {
      const UniqueFd into = sys::open(path_ / "layer", O_RDONLY | O_DIRECTORY);
      static_cast<void>(apply_layer(std::make_unique<MemorySource>(archive), into, options));
    } catch (const std::exception&) {  // refused
    }
    remove_tree(directory_, "layer");
    check();
  }

 private:
  void check() const {
    std::string contents;
    std::ifstream{path_ / "outside/precious"} >> contents;
    struct stat status {};
    if (::lstat((path_ / "outside/precious").c_str(), &status) != 0 || status.st_nlink != 1 ||
        contents != "untouched")
      fuzz::fail("an archive changes nothing outside");
    for (const char* const directory : {"", "outside"})
      if (std::distance(fs::directory_iterator{path_ / directory}, {}) != 1)
        fuzz::fail("an archive makes nothing outside");
  }

  fs::path path_;
  UniqueFd directory_{};
};

/// A mutated header has a wrong checksum, and would be the end of the story: mend it.
std::string mended(std::string archive) {
  for (std::size_t at = 0; at + kBlock <= archive.size(); at += kBlock) {
    char* const header = archive.data() + at;
    if (std::memcmp(header + 257, "ustar", 5) != 0) continue;
    std::memset(header + 148, ' ', 8);
    const unsigned sum = std::accumulate(header, header + kBlock, 0U, [](unsigned so_far, char c) {
      return so_far + static_cast<unsigned char>(c);
    });
    std::snprintf(header + 148, 8, "%06o", sum & 0777777U);
  }
  return archive;
}

Member with_pax(Member member, std::vector<std::pair<std::string, std::string>> pax) {
  member.pax = std::move(pax);
  return member;
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
  const std::string plain = archive_of({directory("./"),
                                        directory("a"),
                                        file("a/f", "contents"),
                                        symlink_to("f", "a/s"),
                                        hard_link_to("a/f", "a/h"),
                                        {.type = '6', .name = "a/p"}});
  std::string map = "1\n4096\n512\n";
  map.resize(kBlock, '\0');
  return {
      plain,
      gzip_of(plain),
      zstd_of(plain),
      archive_of({directory("a"), file("a/.wh..wh..opq"), file(".wh.b"), file("a/.wh.c"), directory("b"),
                  file("b/x")}),
      archive_of({symlink_to("../outside", "out"), file("out/precious", "new"), directory("out"),
                  file("out/x", "y")}),
      archive_of(
          {symlink_to("/", "out"), hard_link_to("out/../outside/precious", "mine"), file("mine", "new")}),
      archive_of({file("a/../../outside/precious", "new")}),
      archive_of({symlink_to("../../outside/precious", "a/l"), hard_link_to("a/l", "h"), file("h", "new"),
                  file("a/l", "x")}),
      archive_of({{.type = 'L', .name = "././@LongLink", .data = std::string(300, 'n') + "/x"},
                  file("short", "gnu"),
                  {.type = 'K', .name = "././@LongLink", .data = std::string(300, 'k')},
                  symlink_to("short", "link")}),
      archive_of({with_pax(file("x", "pax"), {{"path", "a/long/name"},
                                              {"mtime", "1.5"},
                                              {"uid", "1"},
                                              {"SCHILY.xattr.user.note", "words"}}),
                  with_pax(symlink_to("x", "l"), {{"linkpath", "a/long/name"}})}),
      archive_of({with_pax(file("GNUSparseFile.0/f", map + std::string(512, 'a')),
                           {{"GNU.sparse.major", "1"},
                            {"GNU.sparse.minor", "0"},
                            {"GNU.sparse.name", "f"},
                            {"GNU.sparse.realsize", "100000"}})}),
      archive_of({{.type = '3', .name = "null", .device_major = 1, .device_minor = 3},
                  {.type = '3', .name = "gone"},
                  {.type = 'g', .name = "global", .data = pax_records({{"comment", "words"}})},
                  file("after", "x")}),
  };
}

}  // namespace dockwright

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const dockwright::Place place;
  place.apply(dockwright::mended({reinterpret_cast<const char*>(data), size}));
  return 0;
}
