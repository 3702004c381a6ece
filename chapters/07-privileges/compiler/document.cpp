#include "chapters/07-privileges/compiler/document.hpp"

#include <algorithm>

#include "common/check.hpp"

namespace dockwright {

namespace {

using nlohmann::json;
using Event = json::parse_event_t;

constexpr std::size_t kLargest = 1U << 20;
constexpr std::size_t kDeepest = 16;

/// Hands the text to the parser and lets us look how far it is.
class Progress {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Progress(const char* at, const char** furthest)
      : at_{at}, furthest_{furthest} {}
  reference operator*() const { return *at_; }
  Progress& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  Progress operator++(int) {
    Progress before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Progress& other) const = default;

 private:
  const char* at_;
  const char** furthest_;
};

/// Where we are in the tree, as a JSON pointer: `/syscalls/3/names`.
class Path {
 public:
  void key(const std::string& name) { levels_.back().key = name; }
  void enter(bool list) { levels_.push_back({list, 0, ""}); }
  void leave() { levels_.pop_back(); }
  void next() {
    if (!levels_.empty()) ++levels_.back().index;
  }
  [[nodiscard]] std::size_t depth() const { return levels_.size(); }
  [[nodiscard]] std::string pointer() const {
    std::string text;
    for (const Level& level : levels_)
      text +=
          '/' + (level.list ? std::to_string(level.index) : level.key);
    return text;
  }

 private:
  struct Level {
    bool list;
    std::size_t index;
    std::string key;
  };
  std::vector<Level> levels_;
};

/// The parser's own words, without its name and our place.
std::string reason(const json::parse_error& error) {
  const std::string what = error.what();
  const std::size_t column = what.find("column ");
  const std::size_t colon = what.find(": ", column);
  return colon == std::string::npos ? what : what.substr(colon + 2);
}

}  // namespace

Document::Document(std::string name, std::string_view text)
    : name_{std::move(name)}, text_{text} {
  if (text.size() > kLargest)
    throw Failure{fmt::format(
        "{}: a profile has at most {} bytes, and this one has more",
        name_, kLargest)};
  const char* at = text.data();
  Path path;
  const auto meet = [&](int, Event event, json& value) {
    if (event == Event::key) path.key(value.get<std::string>());
    if (event == Event::object_end || event == Event::array_end) {
      path.leave();
      path.next();
    }
    const bool begins =
        event == Event::object_start || event == Event::array_start;
    if (!begins && event != Event::value) return true;
    const auto place = static_cast<std::size_t>(at - text.data()) - 1;
    const bool twice =
        !places_.insert_or_assign(path.pointer(), place).second;
    if (twice) fail(path.pointer(), "this key stands there twice");
    if (path.depth() >= kDeepest)
      fail(path.pointer(), "nested too deeply");
    if (begins)
      path.enter(event == Event::array_start);
    else
      path.next();
    return true;
  };
  try {
    json_ = json::parse(Progress{at, &at},
                        Progress{text.data() + text.size(), &at}, meet);
  } catch (const json::parse_error& error) {
    places_[""] =
        std::min(error.byte > 0 ? error.byte - 1 : 0, text.size());
    fail("", reason(error));
  }
}

Node Document::root() const { return {*this, json_, ""}; }

void Document::fail(const std::string& pointer,
                    const std::string& what) const {
  const auto place = places_.find(pointer);
  const std::size_t end = place == places_.end() ? 0 : place->second;
  const auto line =
      1 + std::count(text_.begin(),
                     text_.begin() + static_cast<std::ptrdiff_t>(end),
                     '\n');
  throw Failure{fmt::format("{}:{}: {}{}{}", name_, line, pointer,
                            pointer.empty() ? "" : ": ", what)};
}

std::string Node::text() const {
  if (!json_->is_string()) fail("a text is expected here");
  return json_->get<std::string>();
}

std::uint64_t Node::number() const {
  if (!json_->is_number_unsigned())
    fail("a whole number, not below 0, is expected here");
  return json_->get<std::uint64_t>();
}

std::vector<Node> Node::items() const {
  if (json_->is_null()) return {};
  if (!json_->is_array()) fail("a list is expected here");
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < json_->size(); ++i)
    nodes.emplace_back(*document_, (*json_)[i],
                       fmt::format("{}/{}", pointer_, i));
  return nodes;
}

std::vector<std::string> Node::texts() const {
  std::vector<std::string> all;
  for (const Node& node : items()) all.push_back(node.text());
  return all;
}

std::optional<Node> Node::find(const std::string& key) const {
  if (!json_->is_object()) fail("an object is expected here");
  const auto member = json_->find(key);
  if (member == json_->end() || member->is_null()) return std::nullopt;
  return Node{*document_, *member, fmt::format("{}/{}", pointer_, key)};
}

Node Node::at(const std::string& key) const {
  if (auto member = find(key)) return *member;
  fail(fmt::format("{} is missing", key));
}

void Node::expect_keys(
    std::initializer_list<std::string_view> known) const {
  if (!json_->is_object()) fail("an object is expected here");
  for (const auto& [key, value] : json_->items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      document_->fail(fmt::format("{}/{}", pointer_, key),
                      "nobody knows this key");
}

}  // namespace dockwright
