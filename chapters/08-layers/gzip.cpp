#include "chapters/08-layers/gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kBlock = 256UL * 1024;
constexpr Bytef kFirstByte = 0x1f;
constexpr std::size_t kMost = 1U << 30U;  ///< That zlib can count.
constexpr int kGzipOnly = 16;  // added to the size of the window

const char* words_of(const z_stream& stream, int code) {
  return stream.msg != nullptr ? stream.msg : ::zError(code);
}

Bytef* bytes_of(const char* data) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(data));
}

class Gunzip : public Source {
 public:
  explicit Gunzip(std::unique_ptr<Source> from)
      : from_{std::move(from)} {
    if (::inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK)
      throw std::bad_alloc{};
  }
  ~Gunzip() override { ::inflateEnd(&stream_); }
  Gunzip(Gunzip&&) = delete;

  std::size_t fill(std::span<char> room) override {
    const auto wanted = std::min<std::size_t>(room.size(), kMost);
    stream_.next_out = bytes_of(room.data());
    stream_.avail_out = static_cast<uInt>(wanted);
    while (stream_.avail_out > 0 && refill()) inflate_some();
    return wanted - stream_.avail_out;
  }

  std::string_view next() override {
    if (block_.empty()) block_.resize(kBlock);
    return std::string_view{block_}.substr(0, fill(block_));
  }

 private:
  /// Whether there is input. Its end is right only between two members.
  /// (zlib holds output back only as long as it has input left.)
  bool refill() {
    if (stream_.avail_in > 0) return true;
    rest_.remove_prefix(taken_);  // a block larger than zlib can count
    if (rest_.empty()) rest_ = from_->next();
    taken_ = std::min<std::size_t>(rest_.size(), kMost);
    stream_.next_in = bytes_of(rest_.data());
    stream_.avail_in = static_cast<uInt>(taken_);
    if (taken_ > 0) return true;
    if (inside_)
      throw Failure{fmt::format(
          "the gzip data is truncated: it ends after {} bytes, in the "
          "middle",
          read_)};
    return false;
  }

  void inflate_some() {
    if (!inside_ && *stream_.next_in != kFirstByte) refuse_rest();
    inside_ = true;
    const uInt before = stream_.avail_in;
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    read_ += before - stream_.avail_in;
    if (code == Z_STREAM_END) return begin_member();
    if (code == Z_OK || code == Z_BUF_ERROR) return;
    if (members_ > 0 && stream_.total_in <= 2) refuse_rest();
    throw Failure{
        fmt::format("the gzip data is damaged near byte {}: {}", read_,
                    words_of(stream_, code))};
  }

  [[noreturn]] void refuse_rest() const {
    throw Failure{fmt::format(
        "the gzip data ends, and what follows near byte {} is none",
        read_)};
  }

  void begin_member() {
    inside_ = false;
    ++members_;
    ::inflateReset(&stream_);
  }

  std::unique_ptr<Source> from_;
  std::string_view rest_{};
  std::size_t taken_ = 0;
  z_stream stream_{};
  std::string block_{};
  std::uint64_t read_ = 0;
  int members_ = 0;
  bool inside_ = true;
};

class Gzip : public Sink {
 public:
  Gzip(Sink& to, int level) : to_{to} {
    constexpr int kOrdinaryMemory = 8;
    if (::deflateInit2(&stream_, level, Z_DEFLATED,
                       MAX_WBITS + kGzipOnly, kOrdinaryMemory,
                       Z_DEFAULT_STRATEGY) != Z_OK)
      throw Failure{
          fmt::format("gzip has no level {}: 1 to 9 are known", level)};
  }
  ~Gzip() override { ::deflateEnd(&stream_); }
  Gzip(Gzip&&) = delete;

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto part = bytes.substr(0, kMost);
      deflate(part, Z_NO_FLUSH);
      bytes.remove_prefix(part.size());
    }
  }
  void finish() override { deflate({}, Z_FINISH); }

 private:
  void deflate(std::string_view bytes, int flush) {
    stream_.next_in = bytes_of(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = bytes_of(block_.data());
      stream_.avail_out = static_cast<uInt>(block_.size());
      ignore(::deflate(&stream_, flush), "it can only want more room");
      to_.write(std::string_view{block_}.substr(
          0, block_.size() - stream_.avail_out));
    } while (stream_.avail_out == 0);
  }

  Sink& to_;
  z_stream stream_{};
  std::string block_ = std::string(kBlock, '\0');
};

}  // namespace

std::unique_ptr<Source> gunzipped(std::unique_ptr<Source> from) {
  return std::make_unique<Gunzip>(std::move(from));
}

std::unique_ptr<Sink> gzipped(Sink& to, int level) {
  return std::make_unique<Gzip>(to, level);
}

}  // namespace dockwright
