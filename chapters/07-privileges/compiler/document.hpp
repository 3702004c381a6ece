#pragma once
// A JSON document that remembers where everything stood: an error in a
// profile of a thousand lines must name the line. The parser tells each
// value as it meets it; what is kept is its place in the text.

#include <cstdint>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

class Node;

/// A document that was read from a file named `name`.
class Document {
 public:
  /// @throws Failure `NAME:LINE: what is wrong`: not JSON, larger than
  /// 1 MiB, nested deeper than 16, or a key that stands there twice
  Document(std::string name, std::string_view text);

  [[nodiscard]] Node root() const;
  /// @throws Failure `NAME:LINE: what`, with the line of `pointer`
  [[noreturn]] void fail(const std::string& pointer,
                         const std::string& what) const;

 private:
  std::string name_;
  std::string_view text_;
  nlohmann::json json_{};
  std::map<std::string, std::size_t> places_{};
};

/// A value in a document. Whoever asks it for something that it is not
/// gets an error with its line.
class Node {
 public:
  Node(const Document& document, const nlohmann::json& json,
       std::string pointer)
      : document_{&document},
        json_{&json},
        pointer_{std::move(pointer)} {}

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::uint64_t number() const;
  /// The elements of a list; null is an empty list.
  [[nodiscard]] std::vector<Node> items() const;
  [[nodiscard]] std::vector<std::string> texts() const;
  /// The member `key` of an object; absent or null is no answer.
  [[nodiscard]] std::optional<Node> find(const std::string& key) const;
  [[nodiscard]] Node at(const std::string& key) const;
  /// A key that nobody knows is a mistake: had `args` been written
  /// `arg`, the rule would allow everything.
  void expect_keys(std::initializer_list<std::string_view> known) const;
  [[noreturn]] void fail(const std::string& what) const {
    document_->fail(pointer_, what);
  }

 private:
  const Document* document_;
  const nlohmann::json* json_;
  std::string pointer_;
};

}  // namespace dockwright
