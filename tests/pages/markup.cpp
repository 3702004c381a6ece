#include "tests/pages/markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

#include "book/workbook/weave_html.hpp"
#include "book/workbook/weave_text.hpp"

namespace dockwright::gates {

namespace {

std::string without_comments(std::string_view html) {
  std::string out;
  for (auto at = html.find("<!--"); at != std::string_view::npos; at = html.find("<!--")) {
    out += html.substr(0, at);
    const auto end = html.find("-->", at);
    html = end == std::string_view::npos ? std::string_view{} : html.substr(end + 3);
  }
  return out += html;
}

// In these, a bracket or a star is meant: `a[0]`, `**argv`.
bool holds_code(const weave::HtmlTag& tag) {
  constexpr std::array<std::string_view, 8> kCode = {"pre", "code",  "kbd",    "var",
                                                     "svg", "style", "script", "textarea"};
  if (std::find(kCode.begin(), kCode.end(), tag.name) != kCode.end()) return true;
  const auto role = weave::html_attribute(tag, "class");
  constexpr std::array<std::string_view, 4> kDeclaration = {"fragment", "memproto", "memItem",
                                                            "memTemplItem"};
  return (tag.name == "div" || tag.name == "td") &&
         std::any_of(kDeclaration.begin(), kDeclaration.end(),
                     [&](auto part) { return role.find(part) != std::string::npos; });
}

struct Pattern {
  const char* what;
  std::regex regex;
};

const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> all = {
      {"an HTML tag",
       std::regex{R"(&lt;/?(tt|b|i|u|em|strong|code|kbd|pre|p|br|hr|div|span|a|img|details|summary|dl|dt|dd)"
                  R"(|ul|ol|li|table|thead|tbody|tr|th|td|h[1-6])(/?&gt;|\s[^<]*?&gt;))"}},
      {"a command", std::regex{R"((^|[^\w@\\/.&])[@\\][a-z]{2,}\b[^\s<]*)"}},
      {"the id of a heading", std::regex{R"(\{#[\w-]*\}?)"}},
      {"stars of Markdown", std::regex{R"(\*\*)"}},
      {"a back-tick", std::regex{R"(`+)"}},
      {"a link of Markdown", std::regex{R"(\]\()"}},
      {"what was escaped twice", std::regex{R"(&amp;(lt|gt|quot|amp|nbsp|#\d+);)"}}};
  return all;
}

}  // namespace

std::string prose(std::string_view page) {
  const auto text = without_comments(page);
  const std::string_view html = text;
  std::string out;
  std::size_t from = 0;
  std::string hidden;
  int depth = 0;
  for (const auto& tag : weave::html_tags(html)) {
    if (depth == 0) out += html.substr(from, tag.begin - from);
    from = tag.end;
    if (depth == 0 && holds_code(tag)) {
      hidden = tag.name;
      depth = 1;
    } else if (depth > 0 && tag.name == hidden) {
      ++depth;
    } else if (depth > 0 && tag.name == "/" + hidden) {
      --depth;
    }
    // A tag glues nothing: `**<code>a</code>**` leaves the stars alone, and the words on both sides apart.
    out += ' ';
  }
  if (depth == 0) out += html.substr(std::min(from, html.size()));
  return out;
}

std::vector<std::string> raw_markup(std::string_view html) {
  std::vector<std::string> found;
  const auto words = prose(html);
  for (const auto& [what, regex] : patterns())
    for (auto match = std::sregex_iterator{words.begin(), words.end(), regex};
         match != std::sregex_iterator{}; ++match) {
      const auto at = static_cast<std::size_t>(match->position());
      const auto begin = at < 30 ? 0 : at - 30;
      auto around = words.substr(begin, at - begin + static_cast<std::size_t>(match->length()) + 30);
      std::replace(around.begin(), around.end(), '\n', ' ');
      found.push_back(fmt::format("{}: …{}…", what, weave::trim(around)));
    }
  return found;
}

std::vector<std::string> leaked_markup(const std::filesystem::path& folder) {
  std::vector<std::string> complaints;
  for (const auto& file : weave::html_files(folder))
    for (const auto& found : raw_markup(weave::read_file(file)))
      complaints.push_back(fmt::format("{}: {}", file.filename().string(), found));
  return complaints;
}

}  // namespace dockwright::gates
