#include "tests/pages/links.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "book/workbook/weave_html.hpp"
#include "book/workbook/weave_text.hpp"

namespace dockwright::gates {

namespace fs = std::filesystem;
using Complaints = std::vector<std::string>;

namespace {

struct HtmlPage {
  std::string text;
  std::set<std::string> ids{};
};

using Pages = std::map<std::string, HtmlPage>;

Pages load(const fs::path& folder) {
  Pages pages;
  for (const auto& file : weave::html_files(folder)) {
    auto& page = pages[file.filename().string()];
    page.text = weave::read_file(file);
    for (const auto& tag : weave::html_tags(page.text)) {
      if (const auto id = weave::html_attribute(tag, "id"); !id.empty()) page.ids.insert(id);
      if (const auto name = weave::html_attribute(tag, "name"); tag.name == "a" && !name.empty())
        page.ids.insert(name);
    }
  }
  return pages;
}

bool is_elsewhere(const std::string& target) {
  return target.find("://") != std::string::npos || target.starts_with("//") || target.starts_with("mailto:");
}

void judge_link(const fs::path& folder, const Pages& pages, const std::string& name,
                const std::string& target, Complaints& complaints) {
  if (is_elsewhere(target) || target.starts_with("data:")) return;
  const auto hash = target.find('#');
  auto file = target.substr(0, hash);
  if (file.empty()) file = name;
  const auto page = pages.find(file);
  if (page == pages.end() ? !fs::exists(folder / file) : false) {
    complaints.push_back(fmt::format("{}: {} is not there", name, target));
  } else if (page != pages.end() && hash != std::string::npos && hash + 1 < target.size() &&
             !page->second.ids.contains(target.substr(hash + 1))) {
    complaints.push_back(fmt::format("{}: there is no place {}", name, target));
  }
}

void judge_doubled_ids(const std::string& name, const HtmlPage& page, Complaints& complaints) {
  std::set<std::string> seen;
  for (const auto& tag : weave::html_tags(page.text))
    if (const auto id = weave::html_attribute(tag, "id"); !id.empty() && !seen.insert(id).second)
      complaints.push_back(fmt::format("{}: the id '{}' is there twice", name, id));
}

}  // namespace

Complaints dead_links(const fs::path& folder) {
  const auto pages = load(folder);
  Complaints complaints;
  for (const auto& [name, page] : pages) {
    for (const auto& tag : weave::html_tags(page.text)) {
      const auto href = weave::html_attribute(tag, "href");
      const auto source = weave::html_attribute(tag, "src");
      if ((is_elsewhere(href) && tag.name == "link") || is_elsewhere(source))
        complaints.push_back(fmt::format("{}: fetches {}{} from elsewhere", name, href, source));
      if (tag.name == "img" && !weave::has_attribute(tag, "alt"))
        complaints.push_back(fmt::format("{}: the picture {} has no alt", name, source));
      for (const auto& target : {href, source})
        if (!target.empty()) judge_link(folder, pages, name, target, complaints);
    }
    if (page.text.find("class=\"pager\"") != std::string::npos) judge_doubled_ids(name, page, complaints);
  }
  return complaints;
}

}  // namespace dockwright::gates
