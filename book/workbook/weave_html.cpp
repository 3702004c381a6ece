#include "book/workbook/weave_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kEntities = {{{"&lt;", "<"},
                                                                                      {"&gt;", ">"},
                                                                                      {"&quot;", "\""},
                                                                                      {"&#39;", "'"},
                                                                                      {"&#160;", " "},
                                                                                      {"&nbsp;", " "},
                                                                                      {"&ndash;", "–"},
                                                                                      {"&mdash;", "—"},
                                                                                      {"&hellip;", "…"},
                                                                                      {"&amp;", "&"}}};

std::string decode(std::string text) {
  for (const auto& [entity, character] : kEntities) text = replace_all(std::move(text), entity, character);
  return text;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Behind the `>` that ends the tag at `at`; one inside of quotes does not.
std::size_t tag_end(std::string_view html, std::size_t at) {
  char quote = 0;
  for (; at < html.size(); ++at) {
    const char c = html[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return html.size();
}

bool is_hidden(std::string_view name) {
  return name == "script" || name == "style" || name == "svg" || name == "nav";
}

// A tag that ends a word: `<li>one</li><li>two` are two words, `<b>o</b>ne` is one.
bool is_inline(std::string_view name) {
  constexpr std::array<std::string_view, 13> kInline = {"b",   "em",  "i",   "code", "span",   "a",   "kbd",
                                                        "var", "sup", "sub", "tt",   "strong", "mark"};
  if (name.starts_with('/')) name.remove_prefix(1);
  return std::find(kInline.begin(), kInline.end(), name) != kInline.end();
}

std::string fold(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// Where ` name` stands in the tag as a word of its own, or npos.
std::size_t find_attribute(const HtmlTag& tag, std::string_view name) {
  const auto& text = tag.inside;
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto after = at + name.size();
    const bool starts = at > 0 && std::isspace(static_cast<unsigned char>(text[at - 1])) != 0;
    const bool ends = after == text.size() || text[after] == '=' || text[after] == '/' || text[after] == ' ';
    if (starts && ends) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<HtmlTag> html_tags(std::string_view html) {
  std::vector<HtmlTag> tags;
  std::size_t at = 0;
  while ((at = html.find('<', at)) != std::string_view::npos) {
    if (html.substr(at).starts_with("<!--")) {
      const auto end = html.find("-->", at);
      at = end == std::string_view::npos ? html.size() : end + 3;
      continue;
    }
    HtmlTag tag{.begin = at, .end = tag_end(html, at)};
    tag.inside = html.substr(at + 1, tag.end - at - 2);
    tag.name = lower(tag.inside.substr(0, tag.inside.find_first_of(" \t\r\n", 1)));
    at = tag.end;
    if (tag.name == "script" || tag.name == "style") {
      const auto close = html.find("</" + tag.name, at);
      at = close == std::string_view::npos ? html.size() : close;
    }
    tags.push_back(std::move(tag));
  }
  return tags;
}

std::string html_attribute(const HtmlTag& tag, std::string_view name) {
  const auto at = find_attribute(tag, name);
  if (at == std::string_view::npos) return {};
  auto rest = tag.inside.substr(at + name.size());
  if (!rest.starts_with("=\"") && !rest.starts_with("='")) return {};
  const char quote = rest[1];
  rest.remove_prefix(2);
  return decode(std::string{rest.substr(0, rest.find(quote))});
}

bool has_attribute(const HtmlTag& tag, std::string_view name) {
  return find_attribute(tag, name) != std::string_view::npos;
}

std::string html_text(std::string_view html) {
  std::string out;
  std::size_t from = 0;
  std::string hidden;
  for (const auto& tag : html_tags(html)) {
    if (hidden.empty()) out += html.substr(from, tag.begin - from);
    from = tag.end;
    if (hidden.empty() && is_hidden(tag.name))
      hidden = "/" + tag.name;
    else if (tag.name == hidden)
      hidden.clear();
    if (!is_inline(tag.name)) out += ' ';
  }
  if (hidden.empty() && from < html.size()) out += html.substr(from);
  return fold(decode(std::move(out)));
}

std::vector<fs::path> html_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.path().extension() == ".html") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace dockwright::weave
