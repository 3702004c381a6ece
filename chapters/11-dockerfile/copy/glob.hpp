#pragma once
// Wildcards. There are two languages of them in a Dockerfile's world:
//
//     COPY      Go's filepath.Match:   *  ?  [a-z]  [^a]  \*
//     ignore    the same, and ** for any number of directories
//
// Neither `*` nor `?` nor a set ever stands for a slash. A pattern is
// read once, and then walks over a path with all the places in the
// pattern where it may be at once: no pattern and no path makes that
// slow (a matcher that tries one way after the other can need years for
// `*a*a*a*b`).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

enum class Stars { one, two };

class Glob {
 public:
  /// @throws Failure for a set that never ends and the like
  explicit Glob(std::string_view pattern, Stars stars = Stars::one);
  [[nodiscard]] bool matches(std::string_view path) const;

  /// What a pattern says of a path and of those above and below it.
  struct Reach {
    bool it = false;     ///< The path.
    bool above = false;  ///< A directory that it lies in.
    bool below = false;  ///< Something in it may match.
  };
  [[nodiscard]] Reach reach(std::string_view path) const;

 private:
  struct Token {
    enum class Kind {
      character,
      any,       ///< ?
      set,       ///< [a-z]
      stars,     ///< *
      all,       ///< ** at the end
      climb,     ///< **, **/: nothing, or something and a slash
      climbing,  ///< … within it
    };
    Kind kind = Kind::character;
    std::uint32_t character = 0;
    bool negated = false;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges{};
    [[nodiscard]] bool takes(std::uint32_t character) const;
  };
  using Places = std::vector<bool>;

  void read_set(std::string_view pattern, std::string_view& rest);
  void read_stars(std::string_view& rest);
  void spread(Places& places) const;
  void step(std::uint32_t character, Places& places,
            Places& next) const;

  Stars stars_;
  std::vector<Token> tokens_{};
};

/// Whether a path of COPY is a pattern at all.
[[nodiscard]] bool has_wildcard(std::string_view path) noexcept;

}  // namespace dockwright
