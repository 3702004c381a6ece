#pragma once
// Words between blanks. Quotes and escapes keep blanks together and
// are kept themselves: `expand` takes them away when the word is used.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// `a "b c" d\ e` is three words.
[[nodiscard]] std::vector<std::string> quoted_words(
    std::string_view text, char escape);

/// `a "b c"` is three words: quotes are letters.
[[nodiscard]] std::vector<std::string> plain_words(
    std::string_view text);

/// Takes the flags from the front of `text`; what is left begins with
/// the first word that is none. Quotes and escapes in them are undone.
[[nodiscard]] std::vector<Flag> take_flags(std::string_view& text);

/// `<<END`, `<<-END`, `3<<"END"`, without its body; nothing for another
/// word.
[[nodiscard]] std::optional<Heredoc> heredoc_of(std::string_view word);

}  // namespace dockwright
