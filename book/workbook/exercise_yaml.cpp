// exercises.yaml → plain data. Every mistake is told with file and line: who writes a sheet finds it by that.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <regex>
#include <set>
#include <stdexcept>

#include "book/workbook/exercise.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

/// A YAML node that knows its file, for messages.
class Place {
 public:
  Place(const std::filesystem::path& path, const YAML::Node& node) : path_{path}, node_{node} {}

  [[noreturn]] void refuse(const std::string& why) const { refuse_at(node_, why); }
  [[nodiscard]] int line() const { return node_.Mark().line + 1; }

  [[nodiscard]] bool has(const char* key) const { return static_cast<bool>(node_[key]); }
  [[nodiscard]] Place at(const char* key) const {
    require(key);
    return {path_, node_[key]};
  }

  [[nodiscard]] std::string text() const {
    if (!node_.IsScalar()) refuse("a text is expected here");
    return node_.Scalar();
  }
  [[nodiscard]] int number() const {
    int value = 0;
    if (!node_.IsScalar() || !YAML::convert<int>::decode(node_, value)) refuse("a number is expected here");
    return value;
  }
  [[nodiscard]] bool yes() const {
    bool value = false;
    if (!node_.IsScalar() || !YAML::convert<bool>::decode(node_, value)) refuse("yes or no is expected here");
    return value;
  }
  [[nodiscard]] std::vector<Place> list() const {
    if (!node_.IsSequence()) refuse("a list is expected here");
    std::vector<Place> items;
    for (const auto& item : node_) items.emplace_back(path_, item);
    return items;
  }
  /// A list of texts; one text alone is a list of one.
  [[nodiscard]] std::vector<std::string> texts() const {
    if (node_.IsScalar()) return {node_.Scalar()};
    std::vector<std::string> result;
    for (const auto& item : list()) result.push_back(item.text());
    return result;
  }

  void require(const char* key) const {
    if (!has(key)) refuse(fmt::format("the key '{}' is missing", key));
  }

  void only(const std::set<std::string>& known) const {
    if (!node_.IsMap()) refuse("`key: value` lines are expected here");
    std::set<std::string> seen;
    for (const auto& pair : node_) {
      const auto key = pair.first.Scalar();
      if (known.count(key) == 0)
        refuse_at(pair.first, fmt::format("unknown key '{}'; known are {}", key, fmt::join(known, ", ")));
      if (!seen.insert(key).second) refuse_at(pair.first, fmt::format("the key '{}' stands here twice", key));
    }
  }

  template <typename T, typename Read>
  void read(const char* key, T& target, Read how) const {
    if (has(key)) target = (at(key).*how)();
  }

 private:
  [[noreturn]] void refuse_at(const YAML::Node& node, const std::string& why) const {
    throw std::runtime_error(fmt::format("{}:{}: {}", path_.string(), node.Mark().line + 1, why));
  }

  const std::filesystem::path& path_;
  YAML::Node node_;
};

void read_needs(const Place& place, std::vector<std::string>& needs) {
  if (!place.has("needs")) return;
  needs = place.at("needs").texts();
  static const std::set<std::string> known = {"root",    "userns",   "uidmap", "net",
                                              "cgroup2", "loopback", "online"};
  for (const auto& need : needs)
    if (known.count(need) == 0)
      place.at("needs").refuse(fmt::format("unknown need '{}'; known are {}", need, fmt::join(known, ", ")));
}

Check read_check(const Place& place) {
  place.only({"run", "before_run", "output", "contains", "lacks", "exit", "host", "untouched",
              "untouched_exit", "before", "terminal", "seconds"});
  Check check;
  check.run = trim(place.at("run").text());
  place.read("before_run", check.before_run, &Place::text);
  place.read("output", check.output, &Place::text);
  place.read("contains", check.contains, &Place::texts);
  place.read("lacks", check.lacks, &Place::texts);
  if (place.has("exit")) {
    if (place.at("exit").text() == "any")
      check.exit.reset();
    else
      check.exit = place.at("exit").number();
  }
  place.read("host", check.host, &Place::text);
  place.read("untouched", check.untouched, &Place::text);
  place.read("untouched_exit", check.untouched_exit, &Place::number);
  place.read("before", check.before, &Place::text);
  place.read("terminal", check.terminal, &Place::yes);
  place.read("seconds", check.seconds, &Place::number);
  return check;
}

SawRule read_rule(const Place& place) {
  place.only({"when", "exit", "host", "say"});
  SawRule rule;
  rule.say = trim(place.at("say").text());
  place.read("when", rule.when, &Place::text);
  place.read("exit", rule.exit, &Place::number);
  if (place.has("host")) {
    if (place.at("host").text() != "failed") place.at("host").refuse("the only value of 'host' is 'failed'");
    rule.host_failed = true;
  }
  if (rule.when.empty() && !rule.exit && !rule.host_failed)
    place.refuse("a rule needs 'when', 'exit' or 'host'");
  try {
    const std::regex tried{rule.when};
  } catch (const std::regex_error& error) {
    place.at("when").refuse(fmt::format("'{}' is not a regular expression: {}", rule.when, error.what()));
  }
  return rule;
}

WrongProgram read_wrong(const Place& place) {
  place.only({"code", "program", "stage", "says"});
  WrongProgram wrong;
  place.read("code", wrong.code, &Place::text);
  place.read("program", wrong.program, &Place::text);
  place.read("stage", wrong.stage, &Place::text);
  wrong.says = trim(place.at("says").text());
  if (place.has("code") + place.has("program") + place.has("stage") != 1)
    place.refuse("a wrong program has exactly one of 'code', 'program', 'stage'");
  return wrong;
}

template <typename T>
std::vector<T> read_list(const Place& place, const char* key, T (*read)(const Place&)) {
  std::vector<T> result;
  if (!place.has(key)) return result;
  for (const auto& item : place.at(key).list()) result.push_back(read(item));
  return result;
}

void require_texts(const Place& place, const Exercise& exercise) {
  if (exercise.checks.empty()) place.refuse(fmt::format("exercise {} has no checks", exercise.id));
  if (exercise.hints.empty()) place.refuse(fmt::format("exercise {} has no hints", exercise.id));
  const auto& first = exercise.checks.front();
  if (first.untouched.empty() && !first.untouched_exit)
    place.refuse(fmt::format(
        "exercise {}: the first check has no 'untouched' (what the untouched starter shows instead)",
        exercise.id));
}

Exercise read_exercise(const Place& place, const ExerciseSheet& sheet) {
  place.only({"id", "title", "file", "program", "task", "starter", "needs", "checks", "saw", "wrong", "hints",
              "learnt", "earlier"});
  Exercise exercise;
  exercise.line = place.line();
  exercise.id = place.at("id").text();
  if (!starts_with(exercise.id, fmt::format("{}.", sheet.chapter)))
    place.at("id").refuse(
        fmt::format("the id '{}' does not begin with the chapter, as \"{}.1\"", exercise.id, sheet.chapter));
  exercise.title = place.at("title").text();
  exercise.file = place.at("file").text();
  exercise.task = trim(place.at("task").text());
  exercise.needs = sheet.needs;
  place.read("program", exercise.program, &Place::text);
  place.read("starter", exercise.starter, &Place::text);
  read_needs(place, exercise.needs);
  place.require("checks");
  exercise.checks = read_list<Check>(place, "checks", read_check);
  exercise.saw = read_list<SawRule>(place, "saw", read_rule);
  exercise.wrong = read_list<WrongProgram>(place, "wrong", read_wrong);
  exercise.hints = place.at("hints").texts();
  exercise.learnt = trim(place.at("learnt").text());
  if (place.has("earlier")) {
    if (place.at("earlier").text() != "passes")
      place.at("earlier").refuse("the only value of 'earlier' is 'passes'");
    exercise.earlier_passes = true;
  }
  require_texts(place, exercise);
  return exercise;
}

ExerciseSheet read_sheet(const std::filesystem::path& path, const YAML::Node& root) {
  const Place place{path, root};
  place.only({"chapter", "title", "minutes", "needs", "man", "able", "exercises"});
  ExerciseSheet sheet;
  sheet.path = path;
  sheet.chapter = place.at("chapter").number();
  sheet.title = place.at("title").text();
  sheet.minutes = place.at("minutes").number();
  place.require("needs");
  read_needs(place, sheet.needs);
  sheet.man = place.at("man").texts();
  place.read("able", sheet.able, &Place::texts);
  std::set<std::string> ids;
  for (const auto& item : place.at("exercises").list()) {
    auto exercise = read_exercise(item, sheet);
    if (!ids.insert(exercise.id).second) item.refuse(fmt::format("the id {} is there twice", exercise.id));
    sheet.exercises.push_back(std::move(exercise));
  }
  return sheet;
}

}  // namespace

ExerciseSheet parse_exercises(const std::filesystem::path& path, const std::string& text) {
  try {
    return read_sheet(path, YAML::Load(text));
  } catch (const YAML::Exception& error) {
    throw std::runtime_error(fmt::format("{}:{}: {}", path.string(), error.mark.line + 1, error.msg));
  }
}

}  // namespace dockwright::workbook
