// The rule `@attacks{4,7}`: the attack table, as it is declared and tested.
#include <fmt/format.h>

#include <stdexcept>

#include "book/workbook/matrix_declaration.hpp"
#include "book/workbook/weave_project.hpp"
#include "book/workbook/weave_text.hpp"

namespace dockwright::weave {

namespace {

using workbook::matrix::Declaration;
using workbook::matrix::Probe;
using workbook::matrix::Verdict;

/// So many columns have room for words; more get a sign each, which a screen reader still reads as the word.
constexpr std::size_t kMostWords = 4;

/// A cell of an attack: the colours are those of the matrix, the words are its own.
std::string cell(Verdict verdict, const Declaration& attacks, bool narrow) {
  if (verdict == Verdict::none || verdict == Verdict::unclear) return "–";
  const auto meaning = word(verdict, *attacks.wording);
  if (!narrow) return fmt::format("<span class=\"verdict {}\">{}</span>", word(verdict), meaning);
  return fmt::format("<span class=\"verdict {} sign\" role=\"img\" aria-label=\"{}\" title=\"{}\">{}</span>",
                     word(verdict), meaning, meaning, verdict == Verdict::green ? "✓" : "✗");
}

std::string heading(std::string_view text) { return fmt::format("<th scope=\"col\">{}</th>", text); }

std::string attack_words(const Probe& attack) {
  const auto cve =
      attack.cve.empty()
          ? std::string{}
          : fmt::format(R"( <a class="cve" href="https://www.cve.org/CVERecord?id={0}">{0}</a>)", attack.cve);
  return fmt::format("<strong>{}</strong><br>{}{}", inline_html(attack.title), inline_html(attack.question),
                     cve);
}

/// Which columns there are.
struct Columns {
  std::vector<int> stages{};
  bool privileged = false;
  [[nodiscard]] bool narrow() const noexcept { return stages.size() > kMostWords; }
};

std::string row(const Probe& attack, const Declaration& attacks, const Columns& columns) {
  auto html = fmt::format("<tr><td data-label=\"Attack\">{}</td>", attack_words(attack));
  const auto add = [&](const std::string& label, Verdict verdict) {
    html += fmt::format("<td data-label=\"{}\">{}</td>", label, cell(verdict, attacks, columns.narrow()));
  };
  for (const int stage : columns.stages) add(fmt::format("stage {}", stage), attack.in_stage(stage));
  if (columns.privileged) add("privileged", attack.in_other("privileged"));
  return html + "</tr>\n";
}

std::string column_headings(const Columns& columns) {
  std::string html = heading("Attack");
  for (const int stage : columns.stages)
    html += heading(columns.narrow() ? fmt::format("<abbr title=\"stage {0}\">{0}</abbr>", stage)
                                     : fmt::format("stage {}", stage));
  if (columns.privileged)
    html += heading(
        fmt::format("<abbr title=\"stage {} with --privileged\">priv.</abbr>", columns.stages.back()));
  return html;
}

std::vector<int> known_stages(const Declaration& attacks, const std::vector<int>& wanted) {
  for (const int stage : wanted)
    if (stage < 1 || stage > attacks.stages)
      throw std::runtime_error{fmt::format("the attack table has no stage {}", stage)};
  if (!wanted.empty()) return wanted;
  std::vector<int> all;
  for (int stage = 1; stage <= attacks.stages; ++stage) all.push_back(stage);
  return all;
}

}  // namespace

std::string attack_table(const std::filesystem::path& root, const std::vector<int>& wanted) {
  const auto& wording = workbook::matrix::attack_wording();
  const auto attacks = load_declaration(declaration_path(root, wording), wording);
  const Columns columns{.stages = known_stages(attacks, wanted),
                        .privileged = wanted.empty() && attacks.stages >= 7};
  auto html = fmt::format("<table class=\"markdownTable cards\"><thead><tr>{}</tr></thead>\n<tbody>\n",
                          column_headings(columns));
  for (const auto& attack : attacks.probes)
    if (attack.in_stage(columns.stages.back()) != Verdict::none) html += row(attack, attacks, columns);
  return html_block(html + "</tbody></table>");
}

}  // namespace dockwright::weave
