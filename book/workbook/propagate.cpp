// A bug in a spine stands in every later spine as well, for each began as a copy of the one before. A
// three-way merge carries the mended line on: from spine N as it was (HEAD) to spine N as it is, applied to
// spine N+1, N+2, … as far as they have the same name: `build.cpp` did not begin as a copy of `run.cpp`.
#include "book/workbook/propagate.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

/// A temporary file that goes with its owner.
class Base {
 public:
  Base(const fs::path& beside, const std::string& text) : path_{beside.string() + ".before"} {
    write_file(path_, text);
  }
  ~Base() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

std::string committed(const Project& project, const std::string& file) {
  const auto shown = run_program({"git", "-C", project.root().string(), "show", "HEAD:" + file});
  if (shown.exit_code != 0)
    throw std::runtime_error(fmt::format("git does not know {} at HEAD: {}", file, trim(shown.out)));
  return shown.out;
}

}  // namespace

std::vector<Propagated> propagate(const Project& project, int number) {
  const auto chapter_spine = project.chapter(number).spine();
  const auto spine = "chapters/" + project.chapter(number).name + "/" + chapter_spine;
  const auto mended = project.root() / spine;
  const auto before = committed(project, spine);
  if (before == read_file(mended))
    throw std::runtime_error(fmt::format("{} is as it is at HEAD: mend it first", spine));
  std::vector<Propagated> result;
  const Base base{mended, before};
  for (const auto& chapter : project.chapters()) {
    const auto file = chapter.directory / chapter_spine;
    if (chapter.number <= number || !fs::exists(file)) continue;
    const auto name = "chapters/" + chapter.name + "/" + chapter_spine;
    const auto old = read_file(file);
    const auto merged = run_program({"git", "merge-file", "-p", "-L", name, "-L", spine + " (HEAD)", "-L",
                                     spine, file.string(), base.path().string(), mended.string()},
                                    {.output = Output::errors_shown});
    if (merged.exit_code > 127) throw std::runtime_error(fmt::format("git merge-file failed on {}", name));
    write_if_changed(file, merged.out);
    result.push_back({.spine = name, .changed = merged.out != old, .conflict = merged.exit_code != 0});
  }
  return result;
}

}  // namespace dockwright::workbook
