#pragma once
// JSON that strangers wrote. A document is read whole and within limits: of its size, of how deep its values
// nest, and with each key once, for two programs that each believe another one of two equal keys disagree
// about what a digest stands for. Every value knows where it stands, so that an error names the document, the
// line and the path:
//
//     sha256:09c8…: 1: /layers/0/size: a whole number, not below 0, is expected here
//
// nlohmann's own header is large: this one only announces it. Whoever writes JSON includes it in a .cpp file.

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

/// How much of a document is read at all; a longer or deeper one is refused, and the limit named.
struct JsonLimits {
  std::size_t bytes = 4U << 20;  ///< As registries have it for manifests.
  std::size_t depth = 64;        ///< Objects and lists within each other.
};

class JsonDocument;

/// A value of a document, which knows its path there. The document must live longer.
class JsonNode {
 public:
  JsonNode(const JsonDocument& document, const nlohmann::json& json, std::string path)
      : document_{&document}, json_{&json}, path_{std::move(path)} {}

  [[nodiscard]] bool is_object() const noexcept;
  [[nodiscard]] bool is_list() const noexcept;
  [[nodiscard]] bool is_text() const noexcept;
  [[nodiscard]] bool is_number() const noexcept;

  // What follows throws Failure where the value is another one.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::uint64_t number() const;  ///< Whole, and not below 0.
  [[nodiscard]] std::int64_t integer() const;  ///< Whole.
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::vector<JsonNode> items() const;                  ///< Of a list; null is an empty one.
  [[nodiscard]] std::vector<std::string> texts() const;               ///< Of a list of texts, likewise.
  [[nodiscard]] std::map<std::string, JsonNode> members() const;      ///< Of an object, likewise.
  [[nodiscard]] std::map<std::string, std::string> text_map() const;  ///< Of an object of texts, likewise.
  /// The value of a key; nothing if there is none, or null.
  [[nodiscard]] std::optional<JsonNode> find(const std::string& key) const;
  [[nodiscard]] JsonNode at(const std::string& key) const;

  // The value of a key; empty if there is none, or null.
  [[nodiscard]] std::string text_of(const std::string& key) const;
  [[nodiscard]] std::vector<std::string> texts_of(const std::string& key) const;
  [[nodiscard]] std::map<std::string, std::string> text_map_of(const std::string& key) const;

  /// The members of an object that are not in `known`, as a JSON object on one line; empty where there are
  /// none: what others wrote is kept, though it means nothing to us.
  [[nodiscard]] std::string others(const std::vector<std::string_view>& known) const;

  [[nodiscard]] const nlohmann::json& json() const noexcept { return *json_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Refuses this value: the message names the document and the path. @throws Failure
  [[noreturn]] void fail(std::string_view what) const;

 private:
  const JsonDocument* document_;
  const nlohmann::json* json_;
  std::string path_;
};

/// A whole document.
class JsonDocument {
 public:
  /// Reads `text`; `name` is what messages call it. @throws Failure where it is no JSON, or beyond a limit,
  /// or has a key twice
  JsonDocument(std::string name, std::string_view text, const JsonLimits& limits = {});
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

  [[nodiscard]] JsonNode root() const { return {*this, *json_, ""}; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
  std::unique_ptr<nlohmann::json> json_;
};

/// JSON in one line, its keys in the order in which they were set: the same value, the same bytes. What is no
/// UTF-8 becomes U+FFFD, as Docker writes it.
[[nodiscard]] std::string write_json(const nlohmann::ordered_json& json);

/// Adds what `JsonNode::others` kept to the end of an object.
void add_others(nlohmann::ordered_json& object, const std::string& others);

}  // namespace dockwright
