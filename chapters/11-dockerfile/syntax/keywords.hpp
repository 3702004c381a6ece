#pragma once
// The words of the language: the instructions, and the flags that each
// of them takes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// `FROM`, in whatever letters; nothing for a word that is none.
[[nodiscard]] std::optional<Keyword> find_keyword(
    std::string_view word);

/// In capitals.
[[nodiscard]] std::string_view name_of(Keyword keyword);

/// All names, in capitals.
[[nodiscard]] std::vector<std::string> keyword_names();

enum class FlagKind {
  text,    ///< `--chown=1`, once.
  flip,    ///< `--link` or `--link=false`, once.
  several  ///< `--mount=…`, any number of times.
};

struct KnownFlag {
  std::string_view name;
  FlagKind kind = FlagKind::text;
};

[[nodiscard]] std::vector<KnownFlag> known_flags(Keyword keyword);

/// ASCII letters only, as the language has them.
[[nodiscard]] std::string upper_case(std::string_view text);
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace dockwright
