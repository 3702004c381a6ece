#include "chapters/08-layers/compression.hpp"

#include <algorithm>
#include <utility>

#include "chapters/08-layers/gzip.hpp"
#include "chapters/08-layers/zstd.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kGzip{"\x1f\x8b", 2};
constexpr std::string_view kZstd{"\x28\xb5\x2f\xfd", 4};

/// A frame of zstd that holds no data for us: 184D2A5?, little-endian.
bool is_skippable(std::string_view bytes) {
  return bytes.size() >= 4 &&
         (static_cast<unsigned char>(bytes[0]) & 0xf0U) == 0x50 &&
         bytes.substr(1, 3) == std::string_view{"\x2a\x4d\x18", 3};
}

/// Passes bytes on as they are.
class Plain : public Sink {
 public:
  explicit Plain(Sink& to) : to_{to} {}
  void write(std::string_view bytes) override { to_.write(bytes); }

 private:
  Sink& to_;
};

}  // namespace

std::string_view name_of(Compression kind) noexcept {
  switch (kind) {
    case Compression::gzip:
      return "gzip";
    case Compression::zstd:
      return "zstd";
    case Compression::none:
      break;
  }
  return "";
}

std::optional<Compression> compression_named(
    std::string_view name) noexcept {
  if (name == "none") return Compression::none;
  if (name == "gzip") return Compression::gzip;
  if (name == "zstd") return Compression::zstd;
  return std::nullopt;
}

Compression detect(std::string_view first_bytes) noexcept {
  if (first_bytes.starts_with(kGzip)) return Compression::gzip;
  if (first_bytes.starts_with(kZstd) || is_skippable(first_bytes))
    return Compression::zstd;
  return Compression::none;
}

std::string_view PeekedSource::next() {
  if (!ahead_.empty()) return std::exchange(ahead_, {});
  return from_->next();
}

std::size_t PeekedSource::fill(std::span<char> room) {
  if (ahead_.empty()) return from_->fill(room);
  const std::size_t size = std::min(ahead_.size(), room.size());
  std::copy_n(ahead_.begin(), size, room.begin());
  ahead_.remove_prefix(size);
  return size;
}

std::string_view PeekedSource::peek() {
  constexpr std::size_t kWanted = 4;
  if (std::exchange(peeked_, true)) return ahead_;
  ahead_ = from_->next();
  if (ahead_.size() >= kWanted || ahead_.empty()) return ahead_;
  // They come in crumbs, and the source forgets each as it gives the
  // next.
  first_ = ahead_;
  while (first_.size() < kWanted) {
    const std::string_view more = from_->next();
    if (more.empty()) break;
    first_ += more;
  }
  return ahead_ = first_;
}

std::unique_ptr<Source> decompressed(std::unique_ptr<Source> from,
                                     Compression kind) {
  switch (kind) {
    case Compression::gzip:
      return gunzipped(std::move(from));
    case Compression::zstd:
      return unzstd(std::move(from));
    case Compression::none:
      break;
  }
  return from;
}

std::unique_ptr<Source> decompressed(std::unique_ptr<Source> from) {
  auto peeked = std::make_unique<PeekedSource>(std::move(from));
  const Compression kind = detect(peeked->peek());
  return decompressed(std::move(peeked), kind);
}

std::unique_ptr<Sink> compressed(Sink& to, Compression kind,
                                 int level) {
  switch (kind) {
    case Compression::gzip:
      return gzipped(to, level == 0 ? 6 : level);
    case Compression::zstd:
      return zstded(to, level == 0 ? 3 : level);
    case Compression::none:
      break;
  }
  return std::make_unique<Plain>(to);
}

}  // namespace dockwright
