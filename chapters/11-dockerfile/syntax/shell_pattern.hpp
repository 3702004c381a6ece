#pragma once
// The shell's patterns, as `${name%pattern}` has them: `*` is any text,
// `?` any letter, the escape character takes their meaning away.
//
// No expression is compiled and nothing is tried twice: at each letter
// of the pattern the places that can be reached are carried along.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

class ShellPattern {
 public:
  /// @throws Failure for an escape that escapes nothing
  ShellPattern(std::string_view text, char escape);

  enum class Length { shortest, longest };

  /// `value` without what matches in front / at the end.
  [[nodiscard]] std::string without_prefix(std::string_view value,
                                           Length length) const;
  [[nodiscard]] std::string without_suffix(std::string_view value,
                                           Length length) const;

  enum class Times { first, each };

  /// `value` with what matches, the longest each, replaced.
  [[nodiscard]] std::string replaced(std::string_view value,
                                     std::string_view by,
                                     Times times) const;

 private:
  enum class Kind { letter, any_letter, any_text };
  struct Item {
    Kind kind;
    char letter;
  };
  /// Where it matches.
  struct Match {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  using Places = std::vector<std::size_t>;

  [[nodiscard]] static Places step(const Item& item,
                                   std::string_view value,
                                   const Places& places);
  [[nodiscard]] std::optional<Match> find(std::string_view value,
                                          std::size_t begin) const;
  [[nodiscard]] static Places ends(const std::vector<Item>& items,
                                   std::string_view value,
                                   std::size_t begin);

  std::vector<Item> items_{};
};

}  // namespace dockwright
