#pragma once
// A list of patterns that say what is left out: `--exclude`, and in
// chapter 12 .dockerignore. A pattern that fits a directory fits all
// that is in it. The last pattern that fits decides, and one that
// begins with `!` brings back what those before it left out:
//
//     node_modules        left out, with all in it
//     **/*.log            in every directory
//     !keep/app.log       but this one

#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/copy/glob.hpp"
#include "chapters/11-dockerfile/copy/path_filter.hpp"

namespace dockwright {

class PathPatterns : public PathFilter {
 public:
  PathPatterns() = default;
  /// @throws Failure for a pattern that is none
  explicit PathPatterns(const std::vector<std::string>& patterns);
  [[nodiscard]] Verdict judge(std::string_view path,
                              bool is_directory) const override;
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

 private:
  struct Row {
    Glob glob;
    bool brings_back = false;
  };
  std::vector<Row> rows_{};
};

/// A path without empty components, single dots, and a slash at its
/// end; two dots are taken with what is before them. From the root it
/// begins with a slash still.
[[nodiscard]] std::string clean_path(std::string_view path);

}  // namespace dockwright
