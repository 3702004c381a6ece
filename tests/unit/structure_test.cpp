// The shape of the sources, as far as a program can check it: includes never climb, files and spines stay
// readable, and calls that are wrong for a container's files are not made.

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "common/causes.hpp"
#include "common/syscalls.hpp"
#include "tests/unit/catch.hpp"

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> sources(const char* below) {
  std::vector<fs::path> result;
  for (const auto& entry : fs::recursive_directory_iterator{below})
    if (const auto kind = entry.path().extension(); kind == ".cpp" || kind == ".hpp")
      result.push_back(entry.path());
  return result;
}

std::vector<std::string> lines(const fs::path& path) {
  std::ifstream file{path};
  std::vector<std::string> result;
  for (std::string line; std::getline(file, line);) result.push_back(line);
  return result;
}

/// What a line includes that a file of chapter `own` (0: common/) must not.
bool climbs(const std::string& line, int own) {
  static const std::regex include{R"re(#include "chapters/(\d\d)-)re"};
  std::smatch found;
  return std::regex_search(line, found, include) && std::stoi(found[1]) > own;
}

int chapter_of(const fs::path& path) {
  static const std::regex directory{R"(chapters/(\d\d)-)"};
  std::smatch found;
  const std::string text = path;
  return std::regex_search(text, found, directory) ? std::stoi(found[1]) : 0;
}

/// The calls by which two stages differ, as measured: `| new | `chroot` | …`.
std::set<std::string> measured_calls() {
  const std::regex row{R"re(\| (new|gone) \| `([a-z0-9_]+)`)re"};
  std::set<std::string> calls;
  for (const auto& entry : fs::directory_iterator{"book/measured"})
    for (const std::string& line : lines(entry.path()))
      if (std::smatch found; std::regex_search(line, found, row)) calls.insert(found[2]);
  return calls;
}

/// Whether a heading of `page` has the id `anchor`.
bool has_section(const fs::path& page, std::string_view anchor) {
  const std::string id = "{#" + std::string{anchor} + "}";
  for (const std::string& line : lines(page))
    if (line.starts_with('#') && line.ends_with(id)) return true;
  return false;
}

bool is_spine(const fs::path& path) {
  return chapter_of(path) > 0 && (path.filename() == "run.cpp" || path.filename() == "build.cpp");
}

}  // namespace

TEST_CASE("an include that climbs is seen", "[structure]") {
  CHECK(climbs("#include \"chapters/05-cgroups/cgroup.hpp\"", 4));
  CHECK_FALSE(climbs("#include \"chapters/04-mounts/root.hpp\"", 4));
  CHECK(climbs("#include \"chapters/01-process/exec.hpp\"", 0));
  CHECK_FALSE(climbs("#include \"common/check.hpp\"", 0));
}

TEST_CASE("no include climbs to a later chapter", "[structure]") {
  for (const char* const below : {"chapters", "common"})
    for (const fs::path& path : sources(below))
      for (const std::string& line : lines(path)) {
        CAPTURE(path.native(), line);
        CHECK_FALSE(climbs(line, chapter_of(path)));
      }
}

TEST_CASE("no file has more than 500 lines, no spine more than 120", "[structure]") {
  for (const char* const below : {"chapters", "common", "book/workbook", "tests"})
    for (const fs::path& path : sources(below)) {
      CAPTURE(path.native());
      CHECK(lines(path).size() <= (is_spine(path) ? 120 : 500));
    }
}

TEST_CASE("the runtime makes no call that a hostile file system could turn against it",
          "[structure][security]") {
  const std::regex banned{
      R"(\b(system|popen)\(|std::filesystem::(remove_all|create_directories|canonical|exists)\b|\bgetpw|\bgetgr)"};
  for (const char* const below : {"chapters", "common"})
    for (const fs::path& path : sources(below))
      for (const std::string& line : lines(path)) {
        CAPTURE(path.native(), line);
        CHECK_FALSE(std::regex_search(line, banned));
      }
}

TEST_CASE("every narrated call has a section, and every section's call is narrated or measured",
          "[structure]") {
  const std::regex narrated{R"re(narrate\("([a-z0-9_]+)")re"};
  std::set<std::string> names;
  for (const char* const below : {"chapters", "common"})
    for (const fs::path& path : sources(below))
      for (const std::string& line : lines(path))
        if (std::smatch found; std::regex_search(line, found, narrated)) names.insert(found[1]);
  REQUIRE(names.size() > 20);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(dockwright::find_system_call(name) != nullptr);
  }
  for (const std::string& name : measured_calls()) names.insert(name);
  for (const dockwright::SystemCall& call : dockwright::system_calls()) {
    CAPTURE(call.name);
    CHECK(names.contains(std::string{call.name}));
  }
}

TEST_CASE("every call by which two stages differ is in the table of system calls", "[structure]") {
  const std::set<std::string> calls = measured_calls();
  REQUIRE(calls.size() > 20);
  for (const std::string& name : calls) {
    CAPTURE(name);
    CHECK(dockwright::find_system_call(name) != nullptr);
  }
}

TEST_CASE("no cause stands in a chapter before the one that introduces its call", "[structure]") {
  for (const dockwright::Cause& cause : dockwright::causes()) {
    const dockwright::SystemCall* const call = dockwright::find_system_call(cause.call);
    if (call == nullptr) continue;  // a step of ours, such as `open rootfs`
    CAPTURE(cause.call, cause.cause);
    CHECK(cause.chapter >= call->chapter);
  }
}

TEST_CASE("the section of every system call stands in its chapter's page", "[structure]") {
  for (const dockwright::SystemCall& call : dockwright::system_calls()) {
    const fs::path page{dockwright::chapter(call.chapter).page};
    if (!fs::exists(page)) continue;  // announced, and not yet written
    CAPTURE(call.name, call.anchor, page.native());
    CHECK(has_section(page, call.anchor));
  }
}
