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

/// A cell of an attack: the colours are those of the matrix, the words are its own.
std::string cell(Verdict verdict, const Declaration& attacks) {
  if (verdict == Verdict::none || verdict == Verdict::unclear) return "–";
  return fmt::format("<span class=\"verdict {}\">{}</span>", word(verdict), word(verdict, *attacks.wording));
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

std::string row(const Probe& attack, const Declaration& attacks, const std::vector<int>& stages,
                bool privileged) {
  auto html = fmt::format("<tr><td data-label=\"Attack\">{}</td>", attack_words(attack));
  for (const int stage : stages)
    html += fmt::format("<td data-label=\"stage {}\">{}</td>", stage, cell(attack.in_stage(stage), attacks));
  if (privileged)
    html +=
        fmt::format("<td data-label=\"privileged\">{}</td>", cell(attack.in_other("privileged"), attacks));
  return html + "</tr>\n";
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
  const auto stages = known_stages(attacks, wanted);
  const bool privileged = wanted.empty() && attacks.stages >= 7;
  std::string html = "<table class=\"markdownTable cards\"><thead><tr>" + heading("Attack");
  for (const int stage : stages) html += heading(fmt::format("stage {}", stage));
  if (privileged) html += heading("<code>--privileged</code>");
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& attack : attacks.probes)
    if (attack.in_stage(stages.back()) != Verdict::none) html += row(attack, attacks, stages, privileged);
  return html_block(html + "</tbody></table>");
}

}  // namespace dockwright::weave
