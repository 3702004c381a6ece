#include "chapters/11-dockerfile/syntax/words.hpp"

#include <algorithm>
#include <utility>

#include "chapters/11-dockerfile/syntax/blanks.hpp"

namespace dockwright {

namespace {

/// Parts a text into words, a letter at a time.
class WordSplitter {
 public:
  explicit WordSplitter(char escape) : escape_{escape} {}

  std::vector<std::string> operator()(std::string_view text) {
    for (const char c : text) take(c);
    end_word();
    return std::move(words_);
  }

 private:
  void take(char c) {
    if (escaped_) {
      word_ += escape_;
      word_ += c;
      escaped_ = false;
    } else if (c == escape_ && quote_ != '\'') {
      escaped_ = true;  // at the very end, it counts for nothing
    } else if (quote_ == '\0' && is_blank(c)) {
      end_word();
    } else {
      if (c == quote_)
        quote_ = '\0';
      else if (quote_ == '\0' && (c == '"' || c == '\''))
        quote_ = c;
      word_ += c;
    }
  }
  void end_word() {
    if (!word_.empty()) words_.push_back(std::exchange(word_, {}));
  }

  char escape_;
  char quote_ = '\0';
  bool escaped_ = false;
  std::string word_{};
  std::vector<std::string> words_{};
};

/// The first word, without its quotes and escapes; `text` is then what
/// follows.
std::string take_bare_word(std::string_view& text) {
  std::string word;
  char quote = '\0';
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && quote != '\'') {
      if (++at < text.size()) word += text[at];
    } else if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote == '\0' && is_blank(c)) {
      break;
    } else {
      word += c;
    }
  }
  text.remove_prefix(std::min(at, text.size()));
  return word;
}

Flag flag_of(std::string_view word) {
  word.remove_prefix(2);
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos)
    return {.name = std::string{word}};
  return {.name = std::string{word.substr(0, equals)},
          .value = std::string{word.substr(equals + 1)},
          .given_value = true};
}

}  // namespace

std::vector<std::string> quoted_words(std::string_view text,
                                      char escape) {
  return WordSplitter{escape}(text);
}

std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words;
  for (text = trim(text); !text.empty(); text = trim_left(text)) {
    const std::size_t size =
        std::min(text.find_first_of(kBlanks), text.size());
    words.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return words;
}

std::vector<Flag> take_flags(std::string_view& text) {
  std::vector<Flag> flags;
  for (text = trim(text); text.starts_with("--");
       text = trim_left(text)) {
    const std::string word = take_bare_word(text);
    if (word == "--") {
      text = trim_left(text);
      break;
    }
    flags.push_back(flag_of(word));
  }
  return flags;
}

std::optional<Heredoc> heredoc_of(std::string_view word) {
  word.remove_prefix(
      std::min(word.find_first_not_of("0123456789"), word.size()));
  if (!word.starts_with("<<")) return std::nullopt;
  word.remove_prefix(2);
  Heredoc heredoc;
  if (word.starts_with('-')) {
    heredoc.strip_tabs = true;
    word.remove_prefix(1);
  }
  if (word.find('<') != std::string_view::npos) return std::nullopt;
  std::string_view rest = word;
  heredoc.name = take_bare_word(rest);
  if (heredoc.name.empty() || !rest.empty()) return std::nullopt;
  heredoc.expand = heredoc.name == word;
  return heredoc;
}

}  // namespace dockwright
