#include "book/workbook/weave_project.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "book/workbook/weave_text.hpp"
#include "common/causes.hpp"
#include "common/syscalls.hpp"

namespace dockwright::weave {

namespace fs = std::filesystem;

namespace {

using Row = std::vector<std::string>;

// The cells are HTML already. Each has the name of its column: on a narrow screen a row of four cells is a
// card.
std::string html_table(const Row& head, const std::vector<Row>& rows) {
  std::string html =
      fmt::format("<table class=\"markdownTable{}\"><thead><tr>", head.size() > 3 ? " cards" : "");
  for (const auto& cell : head) html += fmt::format("<th scope=\"col\">{}</th>", cell);
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      html += fmt::format("<td data-label=\"{}\">{}</td>", head[i], row[i]);
    html += "</tr>\n";
  }
  return html_block(html + "</tbody></table>");
}

std::string verdict(const std::string& word) {
  return fmt::format("<span class=\"verdict {0}\">{0}</span>", word);
}

// A link to a section, or `words` alone as long as the page or the section is not there.
std::string section_link(const fs::path& root, int number, std::string_view anchor,
                         const std::string& words) {
  const auto page = root / chapter(number).page;
  if (!fs::exists(page)) return words;
  if (!anchor.empty() && read_file(page).find(fmt::format("{{#{}}}", anchor)) == std::string::npos)
    return words;
  const auto fragment = anchor.empty() ? std::string{} : fmt::format("#{}", anchor);
  return fmt::format("<a href=\"ch{:02}.html{}\">{}</a>", number, fragment, words);
}

struct Probe {
  std::string title;
  std::string question;
  int chapter;
  std::string bare;
  std::vector<std::string> stages;
};

std::vector<Probe> load_probes(const fs::path& root) {
  std::vector<Probe> probes;
  for (const auto& node : YAML::Load(read_file(root / "tests/probes/matrix.yaml"))["probes"])
    probes.push_back({.title = node["title"].as<std::string>(),
                      .question = node["question"].as<std::string>(),
                      .chapter = node["chapter"].as<int>(),
                      .bare = node["others"]["bare"].as<std::string>("red"),
                      .stages = node["stages"].as<std::vector<std::string>>()});
  return probes;
}

std::string probe_words(const Probe& probe) {
  return fmt::format("<strong>{}</strong><br>{}", inline_html(probe.title), inline_html(probe.question));
}

std::string turned_green(const std::vector<Probe>& probes, int chapter) {
  std::vector<Row> rows;
  for (const auto& probe : probes) {
    if (probe.chapter != chapter) continue;
    const auto& before = chapter == 1 ? probe.bare : probe.stages.at(static_cast<std::size_t>(chapter) - 2);
    rows.push_back({probe_words(probe), verdict(before),
                    verdict(probe.stages.at(static_cast<std::size_t>(chapter) - 1))});
  }
  if (rows.empty())
    throw std::runtime_error{fmt::format("chapter {} turns no cell of the matrix green", chapter)};
  return html_table({"What is asked", chapter == 1 ? "bare process" : fmt::format("stage {}", chapter - 1),
                     fmt::format("stage {}", chapter)},
                    rows);
}

std::string still_red(const fs::path& root, const std::vector<Probe>& probes, int chapter) {
  std::vector<const Probe*> red;
  for (const auto& probe : probes)
    if (probe.stages.at(static_cast<std::size_t>(chapter) - 1) == "red") red.push_back(&probe);
  std::stable_sort(red.begin(), red.end(),
                   [](const auto* a, const auto* b) { return a->chapter < b->chapter; });
  std::vector<Row> rows;
  for (const auto* probe : red)
    rows.push_back({probe_words(*probe), verdict("red"),
                    section_link(root, probe->chapter, "", fmt::format("chapter {}", probe->chapter))});
  if (rows.empty())
    throw std::runtime_error{fmt::format("nothing is red any more after chapter {}", chapter)};
  return html_table({"What is asked", fmt::format("stage {}", chapter), "turns green in"}, rows);
}

}  // namespace

std::string matrix_cells(const fs::path& root, int chapter, std::string_view when) {
  const auto probes = load_probes(root);
  if (chapter < 1 || probes.empty() || static_cast<std::size_t>(chapter) > probes.front().stages.size())
    throw std::runtime_error{fmt::format("the matrix has no stage {}", chapter)};
  if (when == "before") return turned_green(probes, chapter);
  if (when == "after") return still_red(root, probes, chapter);
  throw std::runtime_error{fmt::format("'{}' is neither 'before' nor 'after'", when)};
}

std::string causes_table(const fs::path& root, std::string_view which) {
  const bool all = which == "all";
  const int wanted = all ? 0 : parse_chapter(which);
  std::vector<Row> rows;
  for (const auto& cause : causes()) {
    if (!all && cause.chapter != wanted) continue;
    Row row{fmt::format("<code>{}</code>", escape_html(cause.call)),
            fmt::format("<code>{}</code> {}", ::strerrorname_np(cause.error), std::strerror(cause.error)),
            inline_html(cause.cause), inline_html(cause.cure)};
    if (all) row.push_back(section_link(root, cause.chapter, "", fmt::format("{}", cause.chapter)));
    rows.push_back(std::move(row));
  }
  if (rows.empty())
    throw std::runtime_error{fmt::format("the table of causes has no row for chapter {}", wanted)};
  Row head{"Call", "The kernel says", "Likely cause", "What helps"};
  if (all) head.emplace_back("Chapter");
  return html_table(head, rows);
}

std::string syscalls_table(const fs::path& root) {
  std::vector<Row> rows;
  for (const auto& call : system_calls()) {
    const auto manual = call.name == "rt_sigprocmask" ? "sigprocmask(2)" : fmt::format("{}(2)", call.name);
    rows.push_back({fmt::format("<code>{}</code><br>{}", call.name, man_link(manual)),
                    inline_html(call.purpose),
                    call.since.empty() ? std::string{"always"} : fmt::format("Linux {}", call.since),
                    section_link(root, call.chapter, call.anchor,
                                 fmt::format("Chapter {}: {}", call.chapter, chapter(call.chapter).title))});
  }
  return html_table({"Call, manual", "What it does", "Since", "Introduced in"}, rows);
}

}  // namespace dockwright::weave
