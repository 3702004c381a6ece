#pragma once
// Lines that are written over in place, without flicker: all in one
// write, a line that did not change is passed over, and nothing is
// erased before something else stands there.
//
// A window that becomes narrower breaks the lines that stand in it, as
// most terminals have it: then more rows are ours than we wrote lines.

#include <string>
#include <vector>

namespace dockwright {

class Redraw {
 public:
  /// What to write so that `lines` stand where the last ones did. Each
  /// takes at most `columns`. `plain` are the same without colours.
  [[nodiscard]] std::string over(const std::vector<std::string>& lines,
                                 const std::vector<std::string>& plain,
                                 unsigned columns);

 private:
  [[nodiscard]] std::size_t rows(unsigned columns) const;

  std::vector<std::string> drawn_{};
  std::vector<std::string> plain_{};
  unsigned columns_ = 0;
};

}  // namespace dockwright
