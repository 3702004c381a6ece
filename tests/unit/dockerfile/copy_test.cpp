// Where copies land, by Docker's rules.

#include "chapters/11-dockerfile/copy/copy.hpp"

#include <sys/stat.h>

#include "tests/unit/catch.hpp"
#include "tests/unit/dockerfile/copy_room.hpp"

using namespace dockwright;

namespace {

using Files = std::vector<std::string>;

struct Case {
  std::string name;
  Files sources;
  std::string destination;
  Files expected;  ///< In the image, beside what was there.
  std::string failure = "";
};

/// The context has a.txt, b.txt, dir/c.txt, dir/sub/d.txt and links; the image /there/ and /file.
void furnish(const CopyRoom& room) {
  room.context("a.txt", "a");
  room.context("b.txt", "b");
  room.context("dir/c.txt", "c");
  room.context("dir/sub/d.txt", "d");
  room.context_link("dir/link", "c.txt");
  room.context_link("to-file", "dir/c.txt");
  room.context_link("to-dir", "dir/sub");
  room.image("there/old", "old");
  room.image("file", "file");
  room.image_link("way", "there");
  room.image_link("way-to-file", "/there/old");
  room.image_link("lost", "not/yet");
}

const Files kBefore = {"file=file",     "lost->not/yet", "there/",
                       "there/old=old", "way->there",    "way-to-file->/there/old"};

const std::vector<Case> kCases = {
    {"a file and a slash", {"a.txt"}, "/new/", {"new/", "new/a.txt=a"}},
    {"a file without a slash", {"a.txt"}, "/new", {"new=a"}},
    {"a file, its directory missing", {"a.txt"}, "/x/y/new", {"x/", "x/y/", "x/y/new=a"}},
    {"a file into a directory that is there", {"a.txt"}, "/there", {"there/a.txt=a"}},
    {"a file through a link to a directory", {"a.txt"}, "/way", {"there/a.txt=a"}},
    {"a file through a link that leads to nothing yet",
     {"a.txt"},
     "/lost/",
     {"not/", "not/yet/", "not/yet/a.txt=a"}},
    {"a file where the working directory is", {"a.txt"}, ".", {"w/", "w/a.txt=a"}},
    {"a file below the working directory", {"a.txt"}, "x", {"w/", "w/x=a"}},
    {"above the root is the root", {"a.txt"}, "/../../x", {"x=a"}},
    {"above the context is the context", {"../../a.txt"}, "/x", {"x=a"}},
    {"a directory's contents",
     {"dir"},
     "/new",
     {"new/", "new/c.txt=c", "new/link->c.txt", "new/sub/", "new/sub/d.txt=d"}},
    {"a directory into one that is there", {"dir/sub/"}, "/there", {"there/d.txt=d"}},
    {"several files", {"a.txt", "b.txt"}, "/new/", {"new/", "new/a.txt=a", "new/b.txt=b"}},
    {"a file and a directory", {"a.txt", "dir/sub"}, "/new/", {"new/", "new/a.txt=a", "new/d.txt=d"}},
    {"a wildcard", {"?.txt"}, "/new/", {"new/", "new/a.txt=a", "new/b.txt=b"}},
    {"a wildcard for directories", {"d*/s*/*"}, "/new/", {"new/", "new/d.txt=d"}},
    {"a wildcard that fits nothing", {"*.nothing"}, "/new/", {}},
    {"a link that is named", {"to-file"}, "/x", {"x=c"}},
    {"a link to a directory", {"to-dir"}, "/x/", {"x/", "x/d.txt=d"}},
    {"through a link", {"to-dir/d.txt"}, "/x", {"x=d"}},
    {"a directory over a file", {"dir"}, "/file", {}, "cannot copy to non-directory: /file"},
    {"a file below a file", {"a.txt"}, "/file/x", {}, "cannot copy to non-directory: /file/x"},
    {"several without a slash",
     {"a.txt", "b.txt"},
     "/new",
     {},
     "When using COPY with more than one source file, the destination must be a directory and end with a /"},
    {"what is not there",
     {"none"},
     "/x",
     {},
     "failed to compute cache key: failed to calculate checksum: \"/none\": not found"},
};

}  // namespace

TEST_CASE("a copy lands where Docker's rules say", "[build][copy]") {
  for (const Case& each : kCases) {
    DYNAMIC_SECTION(each.name) {
      const CopyRoom room;
      furnish(room);
      CHECK(room.copy({.sources = each.sources, .destination = each.destination}, "/w") == each.failure);
      Files expected = kBefore;
      expected.insert(expected.end(), each.expected.begin(), each.expected.end());
      std::sort(expected.begin(), expected.end());
      CHECK(room.tree() == expected);
    }
  }
}
