#pragma once
// Variables in a Dockerfile's words, by the rules that it borrows from
// the shell:
//
//     $name ${name}           its value, nothing when it has none
//     ${name:-w} ${name-w}    w when it is empty or unset / unset
//     ${name:+w} ${name+w}    w when it is not
//     ${name:?w} ${name?w}    an error that says w, when it is
//     ${name#p} ${name##p}    without the shortest/longest p in front
//     ${name%p} ${name%%p}    … and at the end
//     ${name/p/w} ${name//p/w}   the first/each p becomes w
//
// Quotes are taken away; in '…' a dollar is a dollar, and the escape
// character makes one of the dollar behind it.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

/// The value of a variable; nothing for one that is not set.
using Lookup =
    std::function<std::optional<std::string>(std::string_view name)>;

/// One word: blanks do not part it. @throws Failure for a `${` that
/// makes no sense, and for `:?`
[[nodiscard]] std::string expand(std::string_view text,
                                 const Lookup& lookup,
                                 char escape = '\\');

/// The words between blanks that are in no quotes; a variable's value
/// is parted, too, where it is in none.
[[nodiscard]] std::vector<std::string> expand_words(
    std::string_view text, const Lookup& lookup, char escape = '\\');

/// Text in which quotes are letters as all others: the body of a
/// heredoc that COPY writes into a file.
[[nodiscard]] std::string expand_text(std::string_view text,
                                      const Lookup& lookup,
                                      char escape = '\\');

/// The variables that `text` needs, and that are not set. One that has
/// an answer for that (`${name:-w}`) is not among them.
/// @throws Failure as `expand`
[[nodiscard]] std::vector<std::string> undefined_variables(
    std::string_view text, const Lookup& lookup, char escape = '\\');

}  // namespace dockwright
