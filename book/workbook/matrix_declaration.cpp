#include "book/workbook/matrix_declaration.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

namespace dockwright::workbook::matrix {

namespace {

/// The longest title that leaves room for seven columns on a line of 80 characters.
constexpr std::size_t kTitleWidth = 34;

/// Where we are in the file, so that every complaint can say it.
struct Place {
  std::string file;
  std::string probe{};

  [[noreturn]] void complain(const YAML::Node& node, const std::string& what) const {
    const int line = node.Mark().line + 1;
    throw std::runtime_error(
        fmt::format("{}:{}: {}{}", file, line, probe.empty() ? "" : fmt::format("probe {}: ", probe), what));
  }
};

YAML::Node member(const Place& place, const YAML::Node& map, const std::string& key) {
  const YAML::Node node = map[key];
  if (!node) place.complain(map, fmt::format("'{}' is missing", key));
  return node;
}

template <typename T>
T value(const Place& place, const YAML::Node& map, const std::string& key) {
  const YAML::Node node = member(place, map, key);
  try {
    return node.as<T>();
  } catch (const YAML::Exception&) {
    place.complain(node, fmt::format("'{}' is not of the right kind", key));
  }
}

Verdict verdict(const Place& place, const YAML::Node& node) {
  const auto text = node.as<std::string>("");
  if (text == "green") return Verdict::green;
  if (text == "red") return Verdict::red;
  place.complain(node, fmt::format("'{}' is neither green nor red", text));
}

Method method(const Place& place, const YAML::Node& probe) {
  const YAML::Node node = probe["method"];
  if (!node) return Method::answer;
  static const std::map<std::string, Method> known = {{"answer", Method::answer},
                                                      {"survivor", Method::survivor},
                                                      {"hostname", Method::hostname},
                                                      {"mounts", Method::mounts},
                                                      {"terminal", Method::terminal}};
  const auto found = known.find(node.as<std::string>(""));
  if (found == known.end())
    place.complain(node, "'method' is none of answer, survivor, hostname, mounts, terminal");
  return found->second;
}

/// A misspelt key would silently leave a default in force.
void refuse_unknown_keys(const Place& place, const YAML::Node& map) {
  static const std::set<std::string> known = {"id",    "title", "question", "run",    "method", "options",
                                              "green", "red",   "chapter",  "stages", "others"};
  for (const auto& entry : map)
    if (const auto key = entry.first.as<std::string>(); !known.contains(key))
      place.complain(entry.first, fmt::format("'{}' is no key of a probe", key));
}

Probe parse_probe(Place place, const YAML::Node& node, int stages) {
  Probe probe;
  probe.id = value<std::string>(place, node, "id");
  place.probe = probe.id;
  refuse_unknown_keys(place, node);
  probe.title = value<std::string>(place, node, "title");
  if (probe.title.size() > kTitleWidth)
    place.complain(node["title"], fmt::format("the title is longer than {} characters", kTitleWidth));
  probe.question = value<std::string>(place, node, "question");
  probe.arguments = value<std::vector<std::string>>(place, node, "run");
  probe.method = method(place, node);
  if (node["options"]) probe.options = value<std::map<int, std::vector<std::string>>>(place, node, "options");
  probe.green = value<std::vector<std::string>>(place, node, "green");
  probe.red = value<std::vector<std::string>>(place, node, "red");
  probe.chapter = value<int>(place, node, "chapter");
  for (const auto& cell : member(place, node, "stages")) probe.stages.push_back(verdict(place, cell));
  if (probe.stages.size() != static_cast<std::size_t>(stages))
    place.complain(node["stages"],
                   fmt::format("{} stages are declared, there are {}", probe.stages.size(), stages));
  for (const auto& cell : node["others"])
    probe.others[cell.first.as<std::string>()] = verdict(place, cell.second);
  return probe;
}

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string_view word(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::green:
      return "green";
    case Verdict::red:
      return "red";
    case Verdict::unclear:
      break;
  }
  return "unclear";
}

Verdict Probe::in_stage(int stage) const noexcept {
  const auto index = static_cast<std::size_t>(stage) - 1;
  return index < stages.size() ? stages[index] : Verdict::unclear;
}

Verdict Probe::in_other(const std::string& name) const noexcept {
  const auto found = others.find(name);
  return found == others.end() ? Verdict::unclear : found->second;
}

Verdict Probe::judge(std::string_view answer) const noexcept {
  if (holds(green, answer)) return Verdict::green;
  return holds(red, answer) ? Verdict::red : Verdict::unclear;
}

std::vector<std::string> Probe::options_of(int stage) const {
  // The last set of options that the stage already knows.
  const auto after = options.upper_bound(stage);
  return after == options.begin() ? std::vector<std::string>{} : std::prev(after)->second;
}

const Probe& Declaration::probe(std::string_view id) const {
  std::string known;
  for (const auto& each : probes) {
    if (each.id == id) return each;
    known += (known.empty() ? "" : ", ") + each.id;
  }
  throw std::runtime_error(fmt::format("there is no probe '{}'; the probes are {}", id, known));
}

namespace {

Verdict before(const Probe& probe, int stage) {
  return stage <= 1 ? probe.in_other("bare") : probe.in_stage(stage - 1);
}

}  // namespace

std::vector<const Probe*> Declaration::turned_green(int stage) const {
  std::vector<const Probe*> rows;
  for (const auto& probe : probes)
    if (before(probe, stage) == Verdict::red && probe.in_stage(stage) == Verdict::green)
      rows.push_back(&probe);
  return rows;
}

std::vector<const Probe*> Declaration::turned_red(int stage) const {
  std::vector<const Probe*> rows;
  for (const auto& probe : probes)
    if (before(probe, stage) == Verdict::green && probe.in_stage(stage) == Verdict::red)
      rows.push_back(&probe);
  return rows;
}

std::vector<const Probe*> Declaration::still_red(int stage) const {
  std::vector<const Probe*> rows;
  for (const auto& probe : probes)
    if (probe.in_stage(stage) == Verdict::red) rows.push_back(&probe);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Probe* a, const Probe* b) { return a->chapter < b->chapter; });
  return rows;
}

Declaration parse_declaration(const std::string& text, const std::string& name) {
  const Place place{.file = name};
  YAML::Node document;
  try {
    document = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw std::runtime_error(fmt::format("{}:{}: {}", name, error.mark.line + 1, error.msg));
  }
  if (!document.IsMap())
    throw std::runtime_error(fmt::format("{}:1: this is not a declaration of probes", name));
  Declaration declaration;
  declaration.stages = value<int>(place, document, "stages");
  std::set<std::string> ids;
  for (const auto& node : member(place, document, "probes")) {
    declaration.probes.push_back(parse_probe(place, node, declaration.stages));
    if (const auto& id = declaration.probes.back().id; !ids.insert(id).second)
      place.complain(node, fmt::format("probe {} is declared twice", id));
  }
  return declaration;
}

Declaration load_declaration(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    throw std::runtime_error(fmt::format("cannot open {}: the probes are declared there", file.string()));
  return parse_declaration({std::istreambuf_iterator<char>{in}, {}}, file.filename().string());
}

std::filesystem::path declaration_path(const std::filesystem::path& root) {
  return root / "tests" / "probes" / "matrix.yaml";
}

}  // namespace dockwright::workbook::matrix
