#pragma once
// Digests: contents named by themselves. A digest that was parsed is safe as a file name for ever after, and
// two contents with one digest are one content.

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dockwright {

/// A SHA-256 digest, written `sha256:` and 64 lower-case hexadecimal digits.
/// As the OCI image specification spells it (descriptor.md, "Digests").
class Digest {
 public:
  /// @throws Failure for any other text; one of another algorithm is named as such
  [[nodiscard]] static Digest parse(std::string_view text);
  [[nodiscard]] static std::optional<Digest> try_parse(std::string_view text);
  /// The digest of these bytes.
  [[nodiscard]] static Digest of(std::string_view bytes);

  [[nodiscard]] const std::string& hex() const noexcept { return hex_; }
  /// The first 12 digits, as a person is shown them.
  [[nodiscard]] std::string_view short_hex() const noexcept { return std::string_view{hex_}.substr(0, 12); }
  /// `sha256:…`
  [[nodiscard]] std::string str() const { return "sha256:" + hex_; }
  auto operator<=>(const Digest&) const = default;

 private:
  friend class Hasher;
  explicit Digest(std::string hex) : hex_{std::move(hex)} {}
  std::string hex_;
};

/// Takes bytes as they come, and gives their digest at the end.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void update(std::string_view bytes);
  /// The digest of all that came; the hasher is as new afterwards.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dockwright
