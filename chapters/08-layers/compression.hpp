#pragma once
// How a layer is packed on its way: not at all, by gzip, or by zstd.
// Which it is, is told by its first bytes and by nothing else: media
// types and file names are only what somebody says.
//
// Both formats may consist of several parts, one behind the other
// (members, frames): parallel packers make one for each piece. What
// stands behind the last part, and is none, is an error: two readers
// that disagree on where a file ends see two different files.

#include <memory>
#include <optional>
#include <string_view>

#include "chapters/08-layers/stream.hpp"

namespace dockwright {

enum class Compression { none, gzip, zstd };

/// As the end of a media type has it: empty, `gzip` or `zstd`.
[[nodiscard]] std::string_view name_of(Compression kind) noexcept;

/// The compression that this name means: `none`, `gzip` or `zstd`.
[[nodiscard]] std::optional<Compression> compression_named(
    std::string_view name) noexcept;

/// What the first bytes of a file (four are enough) say.
[[nodiscard]] Compression detect(std::string_view first_bytes) noexcept;

/// A source whose first bytes can be looked at before they are taken.
class PeekedSource : public Source {
 public:
  explicit PeekedSource(std::unique_ptr<Source> from)
      : from_{std::move(from)} {}
  std::string_view next() override;
  std::size_t fill(std::span<char> room) override;
  /// At least the first four bytes, or all if there are fewer.
  [[nodiscard]] std::string_view peek();

 private:
  std::unique_ptr<Source> from_;
  std::string first_{};  ///< Where they came in crumbs.
  std::string_view ahead_{};
  bool peeked_ = false;
};

/// The plain bytes of `from`, whatever it is packed by. Damaged or truncated input, and bytes
/// behind its end, are a Failure that says so, from `next`.
[[nodiscard]] std::unique_ptr<Source> decompressed(
    std::unique_ptr<Source> from);

/// As above, for bytes that are known to be packed by `kind`.
[[nodiscard]] std::unique_ptr<Source> decompressed(
    std::unique_ptr<Source> from, Compression kind);

/// Packs what is written to it, into `to`; `finish` writes the end. The
/// same input gives the same output: no name, no time. A level of 0 is
/// the ordinary one (gzip 6, zstd 3).
/// @pre `to` outlives the result
[[nodiscard]] std::unique_ptr<Sink> compressed(Sink& to,
                                               Compression kind,
                                               int level = 0);

}  // namespace dockwright
