#pragma once
// The book's filter. A page is Markdown; what must not be typed by hand stands in it as a directive on a line
// of its own, such as `@transcript{02-chroot/hello}`, and weaving replaces that line by what the project
// itself says: a transcript that is executed by the tests, a table that a program measured, the difference of
// two sources. Doxygen calls `workbook weave FILE.md` for each page (FILTER_PATTERNS). A directive that
// nobody knows, or one that names something that is not there, is an error with file and line: the book does
// not build.

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::weave {

/// What is wrong with a page, as `FILE:LINE: message`.
class WeaveError : public std::runtime_error {
 public:
  WeaveError(const std::filesystem::path& file, std::size_t line, const std::string& message);
};

/// The page as Doxygen is to read it: every directive replaced. `root` is the project's top directory.
/// @throws WeaveError
std::string weave_page(const std::filesystem::path& root, const std::filesystem::path& page);

/// As `weave_page`, of a text that is already in memory; `page` is what errors are to name.
/// @throws WeaveError
std::string weave_text(const std::filesystem::path& root, const std::filesystem::path& page,
                       std::string_view text);

/// The directory above `inside` that holds `book/` and `chapters/`. @throws std::runtime_error when there is
/// none.
std::filesystem::path find_root(const std::filesystem::path& inside);

/// One line of a page that asks for something: `@name{argument,argument}`.
struct Directive {
  std::string name{};
  std::vector<std::string> arguments{};
  bool operator==(const Directive&) const = default;
};

/// Reads `line` as a directive: true, and `directive` filled, when it is nothing but `@name` or `@name{…}`.
bool parse_directive(std::string_view line, Directive& directive);

}  // namespace dockwright::weave
