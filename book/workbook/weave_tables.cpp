#include "book/workbook/weave_tables.hpp"

#include <fmt/format.h>

#include <cctype>
#include <stdexcept>

#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

// What stands between the tags of the first element `name`, or nothing.
std::string element(std::string_view svg, std::string_view name) {
  const auto open = svg.find(fmt::format("<{}", name));
  if (open == std::string_view::npos) return {};
  const auto start = svg.find('>', open) + 1;
  const auto end = svg.find(fmt::format("</{}>", name), start);
  return end == std::string_view::npos ? std::string{} : std::string{trim(svg.substr(start, end - start))};
}

void drop_element(std::string& svg, std::string_view name) {
  const auto open = svg.find(fmt::format("<{}", name));
  const auto close = fmt::format("</{}>", name);
  const auto end = svg.find(close);
  if (open != std::string::npos && end != std::string::npos) svg.erase(open, end + close.size() - open);
}

std::string plain_name(std::string_view name) {
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.')
      throw std::runtime_error{fmt::format("'{}' is not the name of a file in its folder", name)};
  return std::string{name};
}

}  // namespace

std::string figure(const fs::path& root, std::string_view name, std::string_view alternative) {
  auto file = plain_name(trim(name));
  if (!file.ends_with(".svg")) file += ".svg";
  alternative = trim(alternative);
  if (alternative.empty())
    throw std::runtime_error{fmt::format("the figure {} has no alternative text", file)};
  auto svg = read_file(root / "book/figures" / file);
  const auto title = element(svg, "title");
  if (title.empty()) throw std::runtime_error{fmt::format("book/figures/{} has no <title>", file)};
  drop_element(svg, "title");
  drop_element(svg, "desc");
  const auto start = svg.find("<svg");
  if (start == std::string::npos)
    throw std::runtime_error{fmt::format("book/figures/{} is not an SVG drawing", file)};
  svg.erase(0, start);
  const auto id = file.substr(0, file.size() - 4);
  const auto open = svg.find('>');
  svg.insert(open + 1, fmt::format("<title id=\"{0}-title\">{1}</title><desc id=\"{0}-desc\">{2}</desc>", id,
                                   title, escape_html(alternative)));
  svg.insert(4, fmt::format(" role=\"img\" aria-labelledby=\"{0}-title {0}-desc\"", id));
  return html_block(
      fmt::format("<figure class=\"drawing\" id=\"figure-{}\"><div "
                  "class=\"canvas\">{}</div><figcaption>{}</figcaption></figure>",
                  id, trim(svg), title));
}

std::string measured_table(const fs::path& root, std::string_view name) {
  return "\n" + read_file(root / "book/measured" / (plain_name(trim(name)) + ".md")) + "\n";
}

std::string syscall_diff(const fs::path& root, int before, int after) {
  return "\n" + read_file(root / fmt::format("book/measured/syscalls-{:02}-{:02}.txt", before, after)) + "\n";
}

}  // namespace dockwright::weave
