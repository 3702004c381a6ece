#pragma once
// How wide text is on a terminal. A line that is a column too long is
// broken in two, and can no longer be written over. Most characters
// have one column, those of East Asia and emoji two, accents that stand
// on another character none.

#include <string>
#include <string_view>

namespace dockwright {

/// The columns that `text` takes; what is no UTF-8 counts as one each.
[[nodiscard]] unsigned columns_of(std::string_view text) noexcept;

/// As much of `text` as fits into `columns`, with `...` at its end
/// where something is missing.
[[nodiscard]] std::string cut_to(std::string_view text,
                                 unsigned columns);

/// `left`, and `right` at the end of `columns`: `left` is cut where
/// there is no room for both.
[[nodiscard]] std::string justified(std::string_view left,
                                    std::string_view right,
                                    unsigned columns);

}  // namespace dockwright
