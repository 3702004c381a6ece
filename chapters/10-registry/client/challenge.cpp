#include "chapters/10-registry/client/challenge.hpp"

#include <algorithm>
#include <optional>

namespace dockwright {

namespace {

/// The characters of a token (RFC 9110, 5.6.2).
bool is_token(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

std::string small(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// Reads the header from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  void skip(std::string_view characters) {
    const std::size_t size = rest_.find_first_not_of(characters);
    rest_.remove_prefix(std::min(size, rest_.size()));
  }
  std::string token() {
    std::size_t size = 0;
    while (size < rest_.size() && is_token(rest_[size])) ++size;
    const std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return std::string{word};
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Gives up on what stands before the next comma.
  void leave_out() {
    rest_.remove_prefix(std::min(rest_.find(','), rest_.size()));
  }
  /// What stands behind `=`: a token, or a text in quotes. Nothing when
  /// the second quote is missing.
  std::optional<std::string> value() {
    skip(" \t");
    if (take('"')) return quoted();
    std::string word = token();
    if (word.empty()) leave_out();
    return word;
  }

 private:
  std::optional<std::string> quoted() {
    std::string text;
    while (!rest_.empty()) {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return text;
      if (c == '\\' && !rest_.empty()) {
        c = rest_.front();
        rest_.remove_prefix(1);
      }
      text += c;
    }
    return std::nullopt;
  }
  std::string_view rest_;
};

}  // namespace

std::string Challenge::parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string{} : found->second;
}

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> challenges;
  Reader reader{header};
  for (reader.skip(" \t,"); !reader.at_end(); reader.skip(" \t,")) {
    const std::string word = reader.token();
    reader.skip(" \t");
    const bool is_parameter = reader.take('=');
    if (word.empty() || (is_parameter && challenges.empty())) {
      reader.leave_out();
    } else if (!is_parameter) {
      challenges.push_back({.scheme = small(word)});
    } else if (const auto value = reader.value()) {
      // Said twice, the first counts: a later one cannot replace it.
      challenges.back().parameters.emplace(small(word), *value);
    }
  }
  return challenges;
}

}  // namespace dockwright
