// Reads a declaration. Whatever is wrong in it is said with its file and line: a misspelt word would silently
// leave a cell unmeasured.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "book/workbook/matrix_declaration.hpp"

namespace dockwright::workbook::matrix {

namespace {

/// The longest title that leaves room for seven columns on a line of 80 characters.
constexpr std::size_t kTitleWidth = 34;

/// Where we are in the file, so that every complaint can say it.
struct Place {
  std::string file;
  const Wording& wording;
  std::string row{};

  [[noreturn]] void complain(const YAML::Node& node, const std::string& what) const {
    const int line = node.Mark().line + 1;
    throw std::runtime_error(fmt::format("{}:{}: {}{}", file, line,
                                         row.empty() ? "" : fmt::format("{} {}: ", wording.row, row), what));
  }
};

YAML::Node member(const Place& place, const YAML::Node& map, std::string_view key) {
  const YAML::Node node = map[std::string{key}];
  if (!node) place.complain(map, fmt::format("'{}' is missing", key));
  return node;
}

template <typename T>
T value(const Place& place, const YAML::Node& map, std::string_view key) {
  const YAML::Node node = member(place, map, key);
  try {
    return node.as<T>();
  } catch (const YAML::Exception&) {
    place.complain(node, fmt::format("'{}' is not of the right kind", key));
  }
}

/// As `value`, where the key may be absent.
template <typename T>
T value_if_there(const Place& place, const YAML::Node& map, std::string_view key) {
  return map[std::string{key}] ? value<T>(place, map, key) : T{};
}

Verdict verdict(const Place& place, const YAML::Node& node) {
  const auto text = node.as<std::string>("");
  if (text == place.wording.green) return Verdict::green;
  if (text == place.wording.red) return Verdict::red;
  if (text == "none") return Verdict::none;
  place.complain(node,
                 fmt::format("'{}' is neither {} nor {}", text, place.wording.green, place.wording.red));
}

Method method(const Place& place, const YAML::Node& row) {
  const YAML::Node node = row["method"];
  if (!node) return Method::answer;
  static const std::map<std::string, Method> known = {
      {"answer", Method::answer}, {"survivor", Method::survivor}, {"hostname", Method::hostname},
      {"mounts", Method::mounts}, {"terminal", Method::terminal}, {"changed", Method::changed},
      {"race", Method::race},     {"sockets", Method::sockets},   {"started", Method::started},
      {"twice", Method::twice}};
  const auto found = known.find(node.as<std::string>(""));
  if (found == known.end())
    place.complain(node,
                   "'method' is none of answer, survivor, hostname, mounts, terminal, changed, race, "
                   "sockets, started, twice");
  return found->second;
}

/// A misspelt key would silently leave a default in force.
void refuse_unknown_keys(const Place& place, const YAML::Node& map) {
  static const std::set<std::string> known = {
      "id",      "title",   "question", "run",   "method", "options", "chapter", "stages", "others", "setup",
      "threats", "workdir", "volume",   "entry", "each",   "user",    "needs",   "reason", "cve"};
  for (const auto& entry : map)
    if (const auto key = entry.first.as<std::string>();
        !known.contains(key) && key != place.wording.green && key != place.wording.red)
      place.complain(entry.first, fmt::format("'{}' is no key of a {}", key, place.wording.row));
}

Start start(const Place& place, const YAML::Node& node) {
  return {.volume = value_if_there<std::string>(place, node, "volume"),
          .workdir = value_if_there<std::string>(place, node, "workdir"),
          .user = value_if_there<std::string>(place, node, "user"),
          .entry = value_if_there<std::string>(place, node, "entry")};
}

void parse_verdicts(const Place& place, const YAML::Node& node, int stages, Probe& row) {
  for (const auto& cell : member(place, node, "stages")) row.stages.push_back(verdict(place, cell));
  if (row.stages.size() != static_cast<std::size_t>(stages))
    place.complain(node["stages"],
                   fmt::format("{} stages are declared, there are {}", row.stages.size(), stages));
  for (const auto& cell : node["others"])
    row.others[cell.first.as<std::string>()] = verdict(place, cell.second);
  const bool open = std::any_of(row.stages.begin(), row.stages.end(),
                                [](const Verdict cell) { return cell == Verdict::none; });
  if (open && row.reason.empty())
    place.complain(node["stages"], "'none' wants a 'reason': what is there to attack later?");
}

Probe parse_row(Place place, const YAML::Node& node, int stages) {
  Probe row;
  row.id = value<std::string>(place, node, "id");
  place.row = row.id;
  refuse_unknown_keys(place, node);
  row.title = value<std::string>(place, node, "title");
  if (row.title.size() > kTitleWidth)
    place.complain(node["title"], fmt::format("the title is longer than {} characters", kTitleWidth));
  row.question = value<std::string>(place, node, "question");
  row.arguments = value<std::vector<std::string>>(place, node, "run");
  row.method = method(place, node);
  row.start = start(place, node);
  row.setup = value_if_there<std::vector<std::string>>(place, node, "setup");
  row.each = value_if_there<std::vector<std::string>>(place, node, "each");
  row.needs = value_if_there<std::string>(place, node, "needs");
  row.reason = value_if_there<std::string>(place, node, "reason");
  row.threats = value_if_there<std::vector<int>>(place, node, "threats");
  row.cve = value_if_there<std::string>(place, node, "cve");
  row.options = value_if_there<std::map<int, std::vector<std::string>>>(place, node, "options");
  row.green = value<std::vector<std::string>>(place, node, place.wording.green);
  row.red = value<std::vector<std::string>>(place, node, place.wording.red);
  row.chapter = value<int>(place, node, "chapter");
  parse_verdicts(place, node, stages, row);
  return row;
}

}  // namespace

Declaration parse_declaration(const std::string& text, const std::string& name, const Wording& wording) {
  const Place place{.file = name, .wording = wording};
  YAML::Node document;
  try {
    document = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw std::runtime_error(fmt::format("{}:{}: {}", name, error.mark.line + 1, error.msg));
  }
  if (!document.IsMap())
    throw std::runtime_error(fmt::format("{}:1: this is not a declaration of {}", name, wording.rows));
  Declaration declaration;
  declaration.wording = &wording;
  declaration.stages = value<int>(place, document, "stages");
  std::set<std::string> ids;
  for (const auto& node : member(place, document, wording.rows)) {
    declaration.probes.push_back(parse_row(place, node, declaration.stages));
    if (const auto& id = declaration.probes.back().id; !ids.insert(id).second)
      place.complain(node, fmt::format("{} {} is declared twice", wording.row, id));
  }
  for (const auto& node : document["excused"])
    declaration.excused.push_back(
        {.threat = value<int>(place, node, "threat"), .reason = value<std::string>(place, node, "reason")});
  return declaration;
}

Declaration load_declaration(const std::filesystem::path& file, const Wording& wording) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    throw std::runtime_error(
        fmt::format("cannot open {}: the {} are declared there", file.string(), wording.rows));
  return parse_declaration({std::istreambuf_iterator<char>{in}, {}}, file.filename().string(), wording);
}

}  // namespace dockwright::workbook::matrix
