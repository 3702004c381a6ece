#include "book/workbook/weave_contents.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <stdexcept>

#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

std::string page_link(const ContentsPage& page, std::string_view attributes = {}) {
  return fmt::format("<a href=\"{}.html\"{}>{}</a>", page.id, attributes, escape_html(page.title));
}

std::string item(std::string_view href, std::string_view title, const std::string& current) {
  const bool here = href == current + ".html";
  return fmt::format("<li><a href=\"{}\"{}>{}</a></li>\n", href, here ? " aria-current=\"page\"" : "", title);
}

}  // namespace

ContentsPage read_title(const fs::path& page) {
  const auto lines = split_lines(read_file(page));
  const std::string_view first = lines.empty() ? std::string_view{} : std::string_view{lines.front()};
  const auto id = first.find("{#");
  if (!first.starts_with("# ") || id == std::string_view::npos || !first.ends_with('}'))
    throw std::runtime_error{fmt::format("{}:1: a page begins with '# Title {{#id}}'", page.string())};
  return {.file = page,
          .id = std::string{first.substr(id + 2, first.size() - id - 3)},
          .title = std::string{trim(first.substr(2, id - 2))}};
}

std::vector<ContentsPart> load_contents(const fs::path& root) {
  std::vector<ContentsPart> parts;
  for (const auto& node : YAML::Load(read_file(root / "book/parts.yaml"))) {
    ContentsPart part{.title = node["part"].as<std::string>()};
    for (const auto& entry : node["pages"]) {
      const auto file = root / "book" / (entry["page"].as<std::string>() + ".md");
      if (!fs::exists(file)) continue;
      part.pages.push_back(read_title(file));
      part.pages.back().about = entry["about"].as<std::string>();
    }
    if (!part.pages.empty()) parts.push_back(std::move(part));
  }
  return parts;
}

std::vector<ContentsPage> reading_order(const std::vector<ContentsPart>& parts) {
  std::vector<ContentsPage> pages{{.file = "index.md", .id = "index", .title = "Start"}};
  for (const auto& part : parts) pages.insert(pages.end(), part.pages.begin(), part.pages.end());
  return pages;
}

std::string contents_list(const std::vector<ContentsPart>& parts) {
  std::string html = "<div class=\"contents-list\">\n";
  for (const auto& part : parts) {
    html += fmt::format("<p class=\"part\">{}</p>\n<ul>\n", escape_html(part.title));
    for (const auto& page : part.pages)
      html += fmt::format("<li>{}<span>{}</span></li>\n", page_link(page), escape_html(page.about));
    html += "</ul>\n";
  }
  return html + "</div>";
}

std::string sidebar(const std::vector<ContentsPart>& parts, const std::string& current) {
  auto html = "<ul>\n" + item("index.html", "Start", current) + "</ul>\n";
  for (const auto& part : parts) {
    html += fmt::format("<p class=\"part\">{}</p>\n<ul>\n", escape_html(part.title));
    for (const auto& page : part.pages) {
      auto title = page.title;
      if (title.starts_with("Chapter ")) title = title.substr(8);
      title = replace_all(title, ": ", " · ");
      html += item(page.id + ".html", escape_html(title), current);
    }
    html += "</ul>\n";
  }
  html += "<p class=\"part\">Reference</p>\n<ul>\n";
  for (const auto& [href, title] :
       {std::pair{"namespaces.html", "Namespaces"}, {"annotated.html", "Classes"}})
    html += item(href, title, current);
  return html + "</ul>\n";
}

std::string pager(const std::vector<ContentsPart>& parts, const std::string& current) {
  const auto pages = reading_order(parts);
  const auto here =
      std::find_if(pages.begin(), pages.end(), [&](const auto& page) { return page.id == current; });
  if (here == pages.end()) return {};
  std::string html = "<nav class=\"pager\" aria-label=\"Previous and next page\">";
  if (here != pages.begin())
    html += "<span class=\"previous\">← " + page_link(*(here - 1), " rel=\"prev\"") + "</span>";
  if (here + 1 != pages.end())
    html += "<span class=\"next\">" + page_link(*(here + 1), " rel=\"next\"") + " →</span>";
  return html + "</nav>";
}

}  // namespace dockwright::weave
