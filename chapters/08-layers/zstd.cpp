#include "chapters/08-layers/zstd.hpp"

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kBlock = 256UL * 1024;

struct Freed {
  void operator()(ZSTD_DStream* s) const { ::ZSTD_freeDStream(s); }
  void operator()(ZSTD_CStream* s) const { ::ZSTD_freeCStream(s); }
};

class Unzstd : public Source {
 public:
  explicit Unzstd(std::unique_ptr<Source> from)
      : from_{std::move(from)} {
    if (stream_ == nullptr) throw std::bad_alloc{};
  }

  std::size_t fill(std::span<char> room) override {
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    while (out.pos < out.size && (held_ || refill())) {
      if (!more_ && !may_begin_frame()) refuse_rest();
      const std::size_t before = in_.pos;
      const std::size_t code =
          ::ZSTD_decompressStream(stream_.get(), &out, &in_);
      read_ += in_.pos - before;
      if (::ZSTD_isError(code) != 0) refuse(code);
      more_ = code != 0;
      held_ = more_ && out.pos == out.size;
    }
    return out.pos;
  }

  std::string_view next() override {
    if (block_.empty()) block_.resize(kBlock);
    return std::string_view{block_}.substr(0, fill(block_));
  }

 private:
  /// Whether there is input. Its end is right only between two frames.
  bool refill() {
    if (in_.pos < in_.size) return true;
    const std::string_view bytes = from_->next();
    in_ = {bytes.data(), bytes.size(), 0};
    if (!bytes.empty()) return true;
    if (more_)
      throw Failure{fmt::format(
          "the zstd data is truncated: it ends after {} bytes, in the "
          "middle",
          read_)};
    return false;
  }

  /// As an ordinary frame does, or one that only others understand.
  [[nodiscard]] bool may_begin_frame() const {
    const auto first =
        static_cast<const unsigned char*>(in_.src)[in_.pos];
    return first == 0x28 || (first & 0xf0U) == 0x50;
  }

  [[noreturn]] void refuse(std::size_t code) const {
    if (!more_ &&
        ::ZSTD_getErrorCode(code) == ZSTD_error_prefix_unknown)
      refuse_rest();
    throw Failure{
        fmt::format("the zstd data is damaged near byte {}: {}", read_,
                    ::ZSTD_getErrorName(code))};
  }

  [[noreturn]] void refuse_rest() const {
    throw Failure{fmt::format(
        "the zstd data ends, and what follows near byte {} is none",
        read_)};
  }

  std::unique_ptr<Source> from_;
  std::unique_ptr<ZSTD_DStream, Freed> stream_{::ZSTD_createDStream()};
  ZSTD_inBuffer in_{nullptr, 0, 0};
  std::string block_{};
  std::uint64_t read_ = 0;
  bool more_ = true;   ///< Within a frame.
  bool held_ = false;  ///< There was more than there was room for.
};

class Zstd : public Sink {
 public:
  Zstd(Sink& to, int level) : to_{to} {
    if (stream_ == nullptr) throw std::bad_alloc{};
    set(ZSTD_c_compressionLevel, level);
    set(ZSTD_c_checksumFlag, 1);
  }

  void write(std::string_view bytes) override {
    pack(bytes, ZSTD_e_continue);
  }
  void finish() override { pack({}, ZSTD_e_end); }

 private:
  void set(ZSTD_cParameter parameter, int value) {
    if (const std::size_t code =
            ::ZSTD_CCtx_setParameter(stream_.get(), parameter, value);
        ::ZSTD_isError(code) != 0)
      throw Failure{fmt::format("zstd has no level {}: {}", value,
                                ::ZSTD_getErrorName(code))};
  }

  void pack(std::string_view bytes, ZSTD_EndDirective end) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (std::size_t left = 1; left > 0;) {
      ZSTD_outBuffer out{block_.data(), block_.size(), 0};
      left = ::ZSTD_compressStream2(stream_.get(), &out, &in, end);
      if (::ZSTD_isError(left) != 0)
        throw Failure{
            fmt::format("zstd: {}", ::ZSTD_getErrorName(left))};
      to_.write(std::string_view{block_}.substr(0, out.pos));
      if (end == ZSTD_e_continue) left = in.size - in.pos;
    }
  }

  Sink& to_;
  std::unique_ptr<ZSTD_CStream, Freed> stream_{::ZSTD_createCStream()};
  std::string block_ = std::string(kBlock, '\0');
};

}  // namespace

std::unique_ptr<Source> unzstd(std::unique_ptr<Source> from) {
  return std::make_unique<Unzstd>(std::move(from));
}

std::unique_ptr<Sink> zstded(Sink& to, int level) {
  return std::make_unique<Zstd>(to, level);
}

}  // namespace dockwright
