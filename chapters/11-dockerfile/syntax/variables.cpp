#include "chapters/11-dockerfile/syntax/variables.hpp"

#include <utility>

#include "chapters/11-dockerfile/syntax/blanks.hpp"
#include "chapters/11-dockerfile/syntax/shell_pattern.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// `${a:-${a:-…` within each other; each is a call of ours.
constexpr int kDeepest = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         is_digit(c) || c == '_';
}
/// The shell's own `$@` and the like: they are names here, of which
/// none is ever set.
bool is_special(char c) {
  return std::string_view{"@*#?-$!"}.find(c) != std::string_view::npos;
}

/// What was read, as one text and in words.
class Output {
 public:
  /// Text that stands there: blanks part words.
  void add(std::string_view text) {
    text_ += text;
    for (const char c : text)
      if (is_blank(c))
        end_word();
      else
        word_ += c;
  }
  /// Text from within quotes or behind an escape.
  void add_whole(std::string_view text) {
    text_ += text;
    word_ += text;
  }
  [[nodiscard]] std::string& text() noexcept { return text_; }
  [[nodiscard]] std::vector<std::string> words() {
    end_word();
    return std::move(words_);
  }

 private:
  void end_word() {
    if (!word_.empty()) words_.push_back(std::exchange(word_, {}));
  }

  std::string text_{};
  std::string word_{};
  std::vector<std::string> words_{};
};

enum class Quotes { removed, letters };
enum class Escapes { removed, kept };

class Expander {
 public:
  Expander(std::string_view text, const Lookup& lookup, char escape,
           Quotes quotes)
      : text_{text},
        lookup_{lookup},
        escape_{escape},
        quotes_{quotes} {}

  Output operator()() {
    try {
      return read_to('\0', Escapes::removed);
    } catch (const Failure& failure) {
      throw Failure{fmt::format("failed to process {:?}: {}", text_,
                                failure.what())};
    }
  }

  [[nodiscard]] std::vector<std::string>& undefined() noexcept {
    return undefined_;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] bool is_at(char c) const {
    return !at_end() && text_[at_] == c;
  }

  /// Reads up to `stop`, which is passed over; NUL is the end.
  Output read_to(char stop, Escapes escapes) {
    Output output;
    while (!at_end()) {
      const char c = text_[at_];
      if (stop != '\0' && c == stop) {
        ++at_;
        return output;
      }
      if (c == '$') {
        output.add(dollar());
      } else if (quotes_ == Quotes::removed && c == '\'') {
        output.add_whole(single_quoted());
      } else if (quotes_ == Quotes::removed && c == '"') {
        output.add_whole(double_quoted(escapes));
      } else {
        plain(output, escapes);
      }
    }
    if (stop != '\0') throw Failure{missing(stop)};
    return output;
  }

  static std::string missing(char stop) {
    return stop == '/' ? "syntax error: missing '/' in ${}"
                       : "syntax error: missing '}'";
  }

  void plain(Output& output, Escapes escapes) {
    if (text_[at_] != escape_) {
      output.add(text_.substr(at_++, 1));
      return;
    }
    if (escapes == Escapes::kept)
      output.add_whole(text_.substr(at_, 1));
    ++at_;
    if (!at_end()) output.add_whole(text_.substr(at_++, 1));
  }

  std::string single_quoted() {
    const std::size_t end = text_.find('\'', at_ + 1);
    if (end == std::string_view::npos)
      throw Failure{
          "unexpected end of statement while looking for matching "
          "single-quote"};
    const std::string inside{text_.substr(at_ + 1, end - at_ - 1)};
    at_ = end + 1;
    return inside;
  }

  std::string double_quoted(Escapes escapes) {
    std::string inside;
    ++at_;
    while (!is_at('"')) {
      if (at_end())
        throw Failure{
            "unexpected end of statement while looking for matching "
            "double-quote"};
      if (is_at('$')) {
        inside += dollar();
        continue;
      }
      const bool escape = is_at(escape_);
      if (escape && at_ + 1 < text_.size()) {
        const char next = text_[at_ + 1];
        const bool escapes_it =
            next == '"' || next == '$' || next == escape_;
        if (escapes_it && escapes == Escapes::removed) ++at_;
        if (escapes_it && escapes == Escapes::kept)
          inside += text_[at_++];
      }
      inside += text_[at_++];
    }
    ++at_;
    return inside;
  }

  std::string name() {
    const std::size_t begin = at_;
    if (!at_end() && is_special(text_[at_])) {
      ++at_;
    } else if (!at_end() && is_digit(text_[at_])) {
      while (!at_end() && is_digit(text_[at_])) ++at_;
    } else {
      while (!at_end() && is_name_letter(text_[at_])) ++at_;
    }
    return std::string{text_.substr(begin, at_ - begin)};
  }

  std::string dollar() {
    if (depth_ == kDeepest)
      throw Failure{fmt::format(
          "variables within each other, more than {} deep", kDeepest)};
    ++at_;
    if (!is_at('{')) {
      const std::string plain_name = name();
      return plain_name.empty() ? "$" : value_of(plain_name);
    }
    ++at_;
    ++depth_;
    std::string value = braces();
    --depth_;
    return value;
  }

  /// What stands behind `${`, with its end.
  std::string braces() {
    if (at_end()) throw Failure{missing('}')};
    if (is_at('{') || is_at('}') || is_at(':'))
      throw Failure{"syntax error: bad substitution"};
    const std::string variable = name();
    if (at_end()) throw Failure{missing('}')};
    std::string modifier{text_[at_++]};
    if (modifier == "}") return value_of(variable);
    if (modifier == "/") return replace(variable);
    if (modifier == ":") {
      if (at_end()) throw Failure{missing('}')};
      modifier += text_[at_++];
    }
    switch (modifier.back()) {
      case '-':
      case '+':
      case '?':
        return choose(variable, modifier);
      case '#':
      case '%':
        if (modifier.size() == 1)
          return strip(variable, modifier.front());
        [[fallthrough]];
      default:
        throw Failure{fmt::format(
            "unsupported modifier ({}) in substitution", modifier)};
    }
  }

  std::string choose(const std::string& variable,
                     std::string_view modifier) {
    const std::string word = read_to('}', Escapes::removed).text();
    const auto value = lookup_(variable);
    //! [ex11.2]
    const bool counts =
        value && (modifier.size() == 1 || !value->empty());
    if (modifier.back() == '+') return counts ? word : "";
    if (counts) return *value;
    if (modifier.back() == '-') return word;
    //! [ex11.2]
    const std::string_view why = value ? "is not allowed to be empty"
                                       : "is not allowed to be unset";
    throw Failure{
        fmt::format("{}: {}", variable, word.empty() ? why : word)};
  }

  std::string strip(const std::string& variable, char side) {
    const bool twice = is_at(side);
    if (twice) ++at_;
    const ShellPattern pattern{read_to('}', Escapes::kept).text(),
                               escape_};
    const std::string value = value_of(variable);
    const auto length = twice ? ShellPattern::Length::longest
                              : ShellPattern::Length::shortest;
    return side == '#' ? pattern.without_prefix(value, length)
                       : pattern.without_suffix(value, length);
  }

  std::string replace(const std::string& variable) {
    const bool each = is_at('/');
    if (each) ++at_;
    const ShellPattern pattern{read_to('/', Escapes::kept).text(),
                               escape_};
    const std::string by = read_to('}', Escapes::removed).text();
    return pattern.replaced(
        value_of(variable), by,
        each ? ShellPattern::Times::each : ShellPattern::Times::first);
  }

  std::string value_of(const std::string& variable) {
    auto value = lookup_(variable);
    if (!value) undefined_.push_back(variable);
    return value.value_or("");
  }

  std::string_view text_;
  const Lookup& lookup_;
  char escape_;
  Quotes quotes_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::vector<std::string> undefined_{};
};

}  // namespace

std::string expand(std::string_view text, const Lookup& lookup,
                   char escape) {
  return Expander{text, lookup, escape, Quotes::removed}().text();
}

std::vector<std::string> expand_words(std::string_view text,
                                      const Lookup& lookup,
                                      char escape) {
  return Expander{text, lookup, escape, Quotes::removed}().words();
}

std::string expand_text(std::string_view text, const Lookup& lookup,
                        char escape) {
  return Expander{text, lookup, escape, Quotes::letters}().text();
}

std::vector<std::string> undefined_variables(std::string_view text,
                                             const Lookup& lookup,
                                             char escape) {
  Expander expander{text, lookup, escape, Quotes::removed};
  ignore(static_cast<long>(expander().text().size()),
         "only what was looked up is asked for");
  return std::move(expander.undefined());
}

}  // namespace dockwright
