#include "chapters/12-build-cache/ignore.hpp"

#include <algorithm>
#include <cctype>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kMostBytes = 1U << 20U;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
  };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

PathPatterns rules_of(const std::string& name,
                      const std::string& text) {
  std::vector<std::string> patterns = parse_ignore(text);
  try {
    return PathPatterns{patterns};
  } catch (const Failure& failure) {
    throw Failure{fmt::format("{}: {}", name, failure.what())};
  }
}

}  // namespace

std::vector<std::string> parse_ignore(std::string_view text) {
  if (text.starts_with(kByteOrderMark))
    text.remove_prefix(kByteOrderMark.size());
  std::vector<std::string> patterns;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    //! [ex12.2]
    // Only a `#` at the very begin makes a comment.
    if (line.starts_with('#')) continue;
    std::string_view pattern = trimmed(line);
    const bool brings_back = pattern.starts_with('!');
    if (brings_back) pattern = trimmed(pattern.substr(1));
    if (pattern.empty()) {
      if (brings_back)
        throw Failure{"illegal exclusion pattern: \"!\""};
      continue;
    }
    patterns.push_back(
        fmt::format("{}{}", brings_back ? "!" : "", pattern));
    //! [ex12.2]
  }
  return patterns;
}

PathPatterns read_ignore(const Context& context,
                         const std::string& dockerfile) {
  if (!dockerfile.empty() && dockerfile != "-") {
    const std::string name = dockerfile + ".dockerignore";
    if (const auto text = context.read(name, kMostBytes))
      return rules_of(name, *text);
  }
  if (const auto text = context.read(".dockerignore", kMostBytes))
    return rules_of(".dockerignore", *text);
  return {};
}

}  // namespace dockwright
