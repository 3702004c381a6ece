#include "book/workbook/weave_bind.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "book/workbook/weave_html.hpp"
#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

struct Heading {
  int level;
  std::string id;
  std::string title;
};

bool is_book_page(const std::vector<ContentsPart>& parts, const std::string& name) {
  const auto pages = reading_order(parts);
  return std::any_of(pages.begin(), pages.end(), [&](const auto& page) { return page.id == name; });
}

// Every `<h2 …><a class="anchor" id="x"></a> Title</h2>` one level deeper, with its id and a link to itself.
std::string mend_headings(const std::string& html) {
  static constexpr std::string_view kAnchor = "<a class=\"anchor\" id=\"";
  std::string out;
  std::size_t from = 0;
  for (const auto& tag : html_tags(html)) {
    if (tag.begin < from || tag.name.size() != 2 || tag.name[0] != 'h' || tag.name[1] < '1' ||
        tag.name[1] > '4')
      continue;
    const auto anchor = html.find_first_not_of(" \n", tag.end);
    const auto close = html.find("</" + tag.name + ">", tag.end);
    if (anchor == std::string::npos || close == std::string::npos ||
        html.compare(anchor, kAnchor.size(), kAnchor) != 0)
      continue;
    const auto id_start = anchor + kAnchor.size();
    const auto id = html.substr(id_start, html.find('"', id_start) - id_start);
    const auto text = html.find("</a>", anchor) + 4;
    const int level = tag.name[1] - '0' + 1;
    out += html.substr(from, tag.begin - from);
    out += fmt::format(
        R"(<h{0} id="{1}">{2} <a class="permalink" href="#{1}" aria-label="Link to this section">#</a></h{0}>)",
        level, id, trim(std::string_view{html}.substr(text, close - text)));
    from = close + 5;
  }
  return out + html.substr(from);
}

// Each piece that begins with `open` and ends with `close` goes through `change`.
template <typename Change>
std::string change_each(const std::string& html, std::string_view open, std::string_view close,
                        Change&& change) {
  std::string out;
  std::size_t from = 0;
  for (auto at = html.find(open); at != std::string::npos; at = html.find(open, from)) {
    const auto end = html.find(close, at);
    if (end == std::string::npos) break;
    out += html.substr(from, at - from);
    out += change(html.substr(at, end + close.size() - at));
    from = end + close.size();
  }
  return out + html.substr(from);
}

// Doxygen gives a page's title a div.
std::string mend_title(const std::string& html) {
  static constexpr std::string_view kOpen = "<div class=\"title\">";
  return change_each(html, kOpen, "</div>", [](const std::string& title) {
    return fmt::format("<h1 class=\"title\">{}</h1>",
                       trim(std::string_view{title}.substr(kOpen.size(), title.size() - kOpen.size() - 6)));
  });
}

std::vector<Heading> headings(const std::string& html) {
  std::vector<Heading> found;
  const auto tags = html_tags(html);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto& tag = tags[i];
    if (tag.name != "h2" && tag.name != "h3") continue;
    const auto id = html_attribute(tag, "id");
    const auto close = std::find_if(tags.begin() + static_cast<std::ptrdiff_t>(i), tags.end(),
                                    [](const auto& t) { return t.name == "a" || t.name.starts_with("/h"); });
    if (!id.empty() && close != tags.end())
      found.push_back(
          {tag.name[1] - '0', id, html_text(std::string_view{html}.substr(tag.end, close->begin - tag.end))});
  }
  return found;
}

std::string sections_list(const std::string& html) {
  std::string list;
  for (const auto& heading : headings(html))
    if (heading.level == 2)
      list += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", heading.id, escape_html(heading.title));
  return list.empty() ? list : "<ul class=\"sections\">\n" + list + "</ul>";
}

// Tables and code scroll inside of themselves; who has no mouse must be able to scroll them too.
std::string make_scrollable(std::string html) {
  for (const auto* kind : {"markdownTable", "markdownTable cards", "doxtable"})
    html = change_each(
        html, fmt::format("<table class=\"{}\">", kind), "</table>", [](const std::string& table) {
          return fmt::format(R"(<div class="scroll" tabindex="0" role="region" aria-label="Table">{}</div>)",
                             table);
        });
  return replace_all(std::move(html), "<div class=\"fragment\">",
                     "<div class=\"fragment\" tabindex=\"0\" role=\"region\" aria-label=\"Code\">");
}

// A piece of code loses the indentation that all its lines share.
std::string dedent_fragment(std::string fragment) {
  static const std::string line = "<div class=\"line\">";
  std::size_t shared = std::string::npos;
  for (auto at = fragment.find(line); at != std::string::npos; at = fragment.find(line, at + 1)) {
    const auto start = at + line.size();
    const auto first = fragment.find_first_not_of(' ', start);
    if (fragment.compare(first, 6, "</div>") != 0) shared = std::min(shared, first - start);
  }
  if (shared == std::string::npos || shared == 0) return fragment;
  const auto blanks = line + std::string(shared, ' ');
  return replace_all(std::move(fragment), blanks, line);
}

std::string dedent_fragments(const std::string& html) {
  return change_each(html, "<div class=\"fragment\"", "<!-- fragment -->", dedent_fragment);
}

// `@chapter{7}` becomes a link once there is a chapter 7.
std::string link_chapters(const std::vector<ContentsPart>& parts, std::string html) {
  for (const auto& page : reading_order(parts)) {
    if (!page.id.starts_with("ch")) continue;
    const auto number = std::stoi("0" + page.id.substr(2));
    const auto span = fmt::format("<span class=\"chapter\">chapter {}</span>", number);
    html = replace_all(std::move(html), span,
                       fmt::format("<a class=\"chapter\" href=\"{}.html\">chapter {}</a>", page.id, number));
  }
  return html;
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '<')
      out += "\\u003c";  // no `</script>` inside of a script
    else if (static_cast<unsigned char>(c) < 0x20)
      out += ' ';
    else
      out += c;
  }
  return out + '"';
}

std::string_view contents_of(std::string_view html) {
  const auto begin = html.find("<div class=\"contents\">");
  if (begin == std::string_view::npos) return {};
  const auto end = html.find("<!-- contents -->", begin);
  return html.substr(begin, end == std::string_view::npos ? end : end - begin);
}

std::string page_title(std::string_view html) {
  const auto begin = html.find("<h1 class=\"title\">");
  const auto end = html.find("</h1>", begin);
  return begin == std::string_view::npos ? std::string{} : html_text(html.substr(begin, end - begin));
}

}  // namespace

std::string bind_page(const std::vector<ContentsPart>& parts, const std::string& name, std::string html) {
  const bool of_the_book = is_book_page(parts, name);
  if (of_the_book) html = mend_headings(html);
  html = dedent_fragments(make_scrollable(mend_title(html)));
  html = link_chapters(parts, html);
  auto bar = sidebar(parts, name);
  if (of_the_book) {
    const auto here = bar.find("aria-current");
    const auto end = bar.find("</li>", here);
    if (here != std::string::npos) bar.insert(end, sections_list(html));
  }
  html = replace_all(std::move(html), "<!--sidebar-->", bar);
  return replace_all(std::move(html), "<!--pager-->", pager(parts, name));
}

std::vector<IndexEntry> index_page(const std::string& file_name, std::string_view html) {
  const auto title = page_title(html);
  const std::string contents{contents_of(html)};
  std::vector<IndexEntry> entries;
  std::size_t from = 0;
  IndexEntry entry{.url = file_name, .page = title};
  for (const auto& heading : headings(contents)) {
    const auto at = contents.find(fmt::format("id=\"{}\"", heading.id), from);
    const auto begin = contents.rfind('<', at);
    entry.text = html_text(std::string_view{contents}.substr(from, begin - from));
    entries.push_back(entry);
    entry = {.url = fmt::format("{}#{}", file_name, heading.id), .page = title, .section = heading.title};
    from = contents.find(fmt::format("</h{}>", heading.level), at) + 5;
  }
  entry.text = html_text(std::string_view{contents}.substr(from));
  entries.push_back(entry);
  return entries;
}

std::string index_script(const std::vector<IndexEntry>& entries) {
  std::string script = "window.dockwrightIndex = [\n";
  for (const auto& entry : entries)
    script += fmt::format("[{},{},{},{}],\n", json_text(entry.url), json_text(entry.page),
                          json_text(entry.section), json_text(entry.text));
  return script + "];\n";
}

void bind_book(const fs::path& root, const fs::path& folder) {
  const auto parts = load_contents(root);
  std::vector<IndexEntry> entries;
  for (const auto& file : html_files(folder)) {
    const auto html = bind_page(parts, file.stem().string(), read_file(file));
    write_file(file, html);
    const auto found = index_page(file.filename().string(), html);
    entries.insert(entries.end(), found.begin(), found.end());
  }
  write_file(folder / "search-index.js", index_script(entries));
}

}  // namespace dockwright::weave
