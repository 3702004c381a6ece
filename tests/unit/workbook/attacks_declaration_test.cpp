// What attacks.yaml promises as a whole: every threat of the list is tried, and every attack is one.
#include <algorithm>
#include <set>

#include "book/workbook/matrix_declaration.hpp"
#include "book/workbook/matrix_setup.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright::workbook::matrix;

namespace {

constexpr int kThreats = 34;

Declaration attacks() { return load_declaration(declaration_path(".", attack_wording()), attack_wording()); }

std::set<Verdict> seen_in(const Probe& attack) {
  std::set<Verdict> seen{attack.stages.begin(), attack.stages.end()};
  for (const auto& [column, verdict] : attack.others) seen.insert(verdict);
  return seen;
}

bool uses(const Probe& attack, const std::string& word) {
  std::string all = attack.start.volume + attack.start.workdir + attack.start.user + attack.start.entry;
  for (const auto& [stage, options] : attack.options)
    for (const auto& option : options) all += option;
  for (const auto& text : attack.arguments) all += text;
  for (const auto& text : attack.setup) all += text;
  return all.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("every threat of the list is tried by an attack, or it is said why not", "[attacks]") {
  std::set<int> told;
  const auto declaration = attacks();
  for (const auto& attack : declaration.probes) {
    INFO(attack.id);
    CHECK_FALSE(attack.threats.empty());
    told.insert(attack.threats.begin(), attack.threats.end());
  }
  for (const auto& excuse : declaration.excused) {
    INFO(excuse.threat);
    CHECK_FALSE(excuse.reason.empty());
    CHECK(told.insert(excuse.threat).second);  // an excuse for what is tried would be a wrong one
  }
  for (int threat = 1; threat <= kThreats; ++threat) {
    INFO(threat);
    CHECK(told.contains(threat));
  }
}

TEST_CASE("every attack works somewhere and is stopped somewhere", "[attacks]") {
  // One that works nowhere is no attack, and one that nothing stops is no question.
  for (const auto& attack : attacks().probes) {
    INFO(attack.id);
    std::set<Verdict> proof{attack.stages.begin(), attack.stages.end()};
    for (const auto* column : {"bare", "naive"}) proof.insert(attack.in_other(column));
    CHECK(proof.contains(Verdict::red));
    CHECK(seen_in(attack).contains(Verdict::green));
  }
}

TEST_CASE("the newest stage stops every attack whose chapter has come", "[attacks]") {
  const auto declaration = attacks();
  for (const auto& attack : declaration.probes) {
    INFO(attack.id);
    for (int stage = attack.chapter; stage <= declaration.stages; ++stage)
      CHECK(attack.in_stage(stage) == Verdict::green);
  }
}

TEST_CASE("an attack names only what the harness knows, and uses what it lists", "[attacks]") {
  const auto words = setup_words();
  for (const auto& attack : attacks().probes) {
    INFO(attack.id);
    CHECK(uses(attack, "{each}") == !attack.each.empty());
    CHECK((attack.setup.empty() && uses(attack, "{host}")) == false);
    for (const auto& word : attack.setup)
      if (word.find('{') == std::string::npos) CHECK(std::count(words.begin(), words.end(), word) == 1);
  }
}

TEST_CASE("an attack has words of its own for its verdicts", "[attacks]") {
  const auto* const text =
      "stages: 1\nattacks:\n  - {id: a, title: t, question: q, run: [x], stopped: [no], works: [yes], "
      "chapter: 2,\n"
      "     stages: [works]}\n";
  const auto declaration = parse_declaration(text, "attacks.yaml", attack_wording());
  CHECK(declaration.probes.front().judge("yes") == Verdict::red);
  CHECK(word(declaration.probes.front().in_stage(1), attack_wording()) == "works");
  CHECK_THROWS_WITH(parse_declaration(text, "attacks.yaml"), "attacks.yaml:1: 'probes' is missing");
  std::string none = text;
  none.replace(none.find("[works]"), 7, "[none]");
  CHECK_THROWS_WITH(parse_declaration(none, "attacks.yaml", attack_wording()),
                    "attacks.yaml:4: attack a: 'none' wants a 'reason': what is there to attack later?");
}
