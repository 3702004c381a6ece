#include "common/digest.hpp"

#include <fmt/format.h>
#include <nettle/sha2.h>

#include <algorithm>
#include <array>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kAlgorithm = "sha256:";
constexpr std::size_t kHexDigits = 2 * SHA256_DIGEST_SIZE;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

struct Hasher::State {
  sha256_ctx context{};
};

Hasher::Hasher() : state_{std::make_unique<State>()} { sha256_init(&state_->context); }
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) {
  sha256_update(&state_->context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

Digest Hasher::finish() {
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> bytes{};
  sha256_digest(&state_->context, bytes.size(), bytes.data());
  std::string hex;
  hex.reserve(kHexDigits);
  for (const std::uint8_t byte : bytes) fmt::format_to(std::back_inserter(hex), "{:02x}", byte);
  return Digest{std::move(hex)};
}

//! [try_parse]
std::optional<Digest> Digest::try_parse(std::string_view text) {
  if (!text.starts_with(kAlgorithm)) return std::nullopt;
  const std::string_view hex = text.substr(kAlgorithm.size());
  if (hex.size() != kHexDigits || !is_hex(hex)) return std::nullopt;
  return Digest{std::string{hex}};
}
//! [try_parse]

Digest Digest::parse(std::string_view text) {
  if (auto digest = try_parse(text)) return *std::move(digest);
  const std::string_view algorithm = text.substr(0, text.find(':'));
  if (text.find(':') != std::string_view::npos && algorithm != "sha256")
    throw Failure{fmt::format("digest {:?}: only sha256 is known here", text)};
  throw Failure{fmt::format("not a digest: {:?}; one is sha256: and {} hexadecimal digits, in small letters",
                            text, kHexDigits)};
}

Digest Digest::of(std::string_view bytes) {
  Hasher hasher;
  hasher.update(bytes);
  return hasher.finish();
}

}  // namespace dockwright
