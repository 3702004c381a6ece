#include "common/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "common/check.hpp"

namespace dockwright {

namespace {

using Json = nlohmann::json;
using Event = Json::parse_event_t;

/// A key as a JSON pointer spells it (RFC 6901).
std::string escaped(std::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c == '~')
      text += "~0";
    else if (c == '/')
      text += "~1";
    else
      text += c;
  }
  return text;
}

/// How far the parser is: as a path, and which keys it has met in every object that it is in.
class Progress {
 public:
  void enter(bool list) { levels_.push_back({.list = list}); }
  void leave() {
    levels_.pop_back();
    next();
  }
  void next() {
    if (!levels_.empty()) ++levels_.back().index;
  }
  /// Whether the key is new in its object.
  bool key(std::string name) {
    Level& level = levels_.back();
    level.key = name;
    return level.keys.insert(std::move(name)).second;
  }
  [[nodiscard]] std::size_t depth() const { return levels_.size(); }
  [[nodiscard]] std::string path() const {
    std::string text;
    for (const Level& level : levels_)
      text += '/' + (level.list ? std::to_string(level.index) : escaped(level.key));
    return text;
  }

 private:
  struct Level {
    bool list = false;
    std::size_t index = 0;
    std::string key{};
    std::set<std::string> keys{};
  };
  std::vector<Level> levels_;
};

/// The parser's own words, without its name and our place.
std::string reason(const Json::exception& error) {
  const std::string_view what = error.what();
  const std::size_t place = what.find("column ");
  const std::size_t colon = what.find(": ", place == std::string_view::npos ? 0 : place);
  return std::string{colon == std::string_view::npos ? what : what.substr(colon + 2)};
}

[[noreturn]] void refuse(std::string_view name, std::string_view path, std::string_view what) {
  throw Failure{fmt::format("{}: {}{}{}", name, path, path.empty() ? "" : ": ", what)};
}

Json read(std::string_view name, std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes)
    refuse(name, "", fmt::format("{} bytes of JSON, and the limit is {}", text.size(), limits.bytes));
  // The library takes a NUL for the end, and would not look at what stands behind it.
  if (text.find('\0') != std::string_view::npos) refuse(name, "", "no JSON: it has a NUL in it");
  Progress progress;
  const auto meet = [&](int, Event event, Json& value) {
    switch (event) {
      case Event::object_start:
      case Event::array_start:
        if (progress.depth() >= limits.depth)
          refuse(name, "", fmt::format("JSON nested deeper than the limit of {}", limits.depth));
        progress.enter(event == Event::array_start);
        break;
      case Event::key:
        if (!progress.key(value.get<std::string>()))
          refuse(name, progress.path(), "this key stands there twice");
        break;
      case Event::object_end:
      case Event::array_end:
        progress.leave();
        break;
      case Event::value:
        progress.next();
        break;
    }
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), meet);
  } catch (const Json::parse_error& error) {
    const std::size_t end = std::min(error.byte, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    refuse(name, progress.path(), fmt::format("no JSON in line {}: {}", line, reason(error)));
  } catch (const Json::exception& error) {
    refuse(name, progress.path(), reason(error));
  }
}

}  // namespace

JsonDocument::JsonDocument(std::string name, std::string_view text, const JsonLimits& limits)
    : name_{std::move(name)}, json_{std::make_unique<Json>(read(name_, text, limits))} {}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

bool JsonNode::is_object() const noexcept { return json_->is_object(); }
bool JsonNode::is_list() const noexcept { return json_->is_array(); }
bool JsonNode::is_text() const noexcept { return json_->is_string(); }
bool JsonNode::is_number() const noexcept { return json_->is_number(); }

void JsonNode::fail(std::string_view what) const { refuse(document_->name(), path_, what); }

std::string JsonNode::text() const {
  if (!json_->is_string()) fail("a text is expected here");
  return json_->get<std::string>();
}

std::uint64_t JsonNode::number() const {
  if (!json_->is_number_unsigned()) fail("a whole number, not below 0, is expected here");
  return json_->get<std::uint64_t>();
}

std::int64_t JsonNode::integer() const {
  const bool fits = json_->is_number_integer() &&
                    (!json_->is_number_unsigned() || json_->get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
  if (!fits) fail("a whole number is expected here");
  return json_->get<std::int64_t>();
}

bool JsonNode::boolean() const {
  if (!json_->is_boolean()) fail("true or false is expected here");
  return json_->get<bool>();
}

std::vector<JsonNode> JsonNode::items() const {
  if (json_->is_null()) return {};
  if (!json_->is_array()) fail("a list is expected here");
  std::vector<JsonNode> nodes;
  for (std::size_t i = 0; i < json_->size(); ++i)
    nodes.emplace_back(*document_, (*json_)[i], fmt::format("{}/{}", path_, i));
  return nodes;
}

std::vector<std::string> JsonNode::texts() const {
  std::vector<std::string> all;
  for (const JsonNode& node : items()) all.push_back(node.text());
  return all;
}

std::map<std::string, JsonNode> JsonNode::members() const {
  if (json_->is_null()) return {};
  if (!json_->is_object()) fail("an object is expected here");
  std::map<std::string, JsonNode> nodes;
  for (const auto& [key, value] : json_->items())
    nodes.emplace(key, JsonNode{*document_, value, fmt::format("{}/{}", path_, escaped(key))});
  return nodes;
}

std::map<std::string, std::string> JsonNode::text_map() const {
  std::map<std::string, std::string> texts;
  for (const auto& [key, node] : members()) texts.emplace(key, node.text());
  return texts;
}

std::optional<JsonNode> JsonNode::find(const std::string& key) const {
  if (!json_->is_object()) fail("an object is expected here");
  const auto member = json_->find(key);
  if (member == json_->end() || member->is_null()) return std::nullopt;
  return JsonNode{*document_, *member, fmt::format("{}/{}", path_, escaped(key))};
}

JsonNode JsonNode::at(const std::string& key) const {
  if (auto member = find(key)) return *std::move(member);
  fail(fmt::format("{} is missing", key));
}

std::string JsonNode::text_of(const std::string& key) const {
  const auto member = find(key);
  return member ? member->text() : std::string{};
}

std::vector<std::string> JsonNode::texts_of(const std::string& key) const {
  const auto member = find(key);
  return member ? member->texts() : std::vector<std::string>{};
}

std::map<std::string, std::string> JsonNode::text_map_of(const std::string& key) const {
  const auto member = find(key);
  return member ? member->text_map() : std::map<std::string, std::string>{};
}

std::string JsonNode::others(const std::vector<std::string_view>& known) const {
  if (!json_->is_object()) return {};
  Json rest = Json::object();
  for (const auto& [key, value] : json_->items())
    if (std::find(known.begin(), known.end(), key) == known.end()) rest[key] = value;
  return rest.empty() ? std::string{} : rest.dump();
}

std::string write_json(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void add_others(nlohmann::ordered_json& object, const std::string& others) {
  if (others.empty()) return;
  const auto rest = nlohmann::ordered_json::parse(others);
  for (const auto& [key, value] : rest.items())
    if (!object.contains(key)) object[key] = value;
}

}  // namespace dockwright
