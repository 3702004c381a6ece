// Bytes that are not those which were asked for, too many, too few, too slow, or none.

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "tests/registry/access.hpp"
#include "tests/registry/lies.hpp"

using namespace dockwright;
using std::chrono_literals::operator""ms;

namespace lying {

namespace {

using Answer = std::optional<http::Response>;

/// Sends `text` from `*position` on, as much as fits.
std::ptrdiff_t send_some(const std::string& text, std::size_t& position, char* to, std::size_t space) {
  const std::size_t size = std::min(space, text.size() - position);
  std::copy_n(text.data() + position, size, to);
  position += size;
  return static_cast<std::ptrdiff_t>(size);
}

/// A blob's bytes from where a Range header wants them, and an answer that says so.
struct Part {
  http::Response response{};
  std::string bytes{};
  explicit Part(const Asked& asked) : bytes{slurp(asked.world.layout.blob(asked.reference).value())} {
    const auto range = http::parse_range(asked.request.header("range").value_or(""), bytes.size());
    if (range.kind != http::RangeAsked::Kind::part) return;
    response.status = 206;
    set_header(response, "Content-Range",
               "bytes " + std::to_string(range.range.first) + '-' + std::to_string(range.range.end - 1) +
                   '/' + std::to_string(bytes.size()));
    bytes = bytes.substr(range.range.first, range.range.end - range.range.first);
  }
};

Answer flip_a_bit(const Asked& asked) {
  if (!asked.reads_blob()) return std::nullopt;
  Part part{asked};
  part.bytes[part.bytes.size() / 2] ^= 1;
  part.response.body = std::move(part.bytes);
  return std::move(part.response);
}

Answer one_more(const Asked& asked) {
  if (!asked.reads_blob()) return std::nullopt;
  Part part{asked};
  part.response.body = part.bytes + '!';
  return std::move(part.response);
}

Answer one_less(const Asked& asked) {
  if (!asked.reads_blob()) return std::nullopt;
  Part part{asked};
  part.bytes.pop_back();
  part.response.body = std::move(part.bytes);
  return std::move(part.response);
}

Answer endless(const Asked& asked) {
  if (!asked.reads_blob()) return std::nullopt;
  Part part{asked};
  auto position = std::make_shared<std::size_t>(0);
  part.response.body = http::StreamBody{
      .size = std::nullopt, .read = [bytes = std::move(part.bytes), position](char* to, std::size_t space) {
        if (*position < bytes.size()) return send_some(bytes, *position, to, space);
        std::fill_n(to, space, '\0');
        return static_cast<std::ptrdiff_t>(space);
      }};
  return std::move(part.response);
}

/// Half of what was asked for; then the connection breaks.
Answer break_halfway(const Asked& asked) {
  if (!asked.reads_blob()) return std::nullopt;
  Part part{asked};
  const std::size_t whole = part.bytes.size();
  part.bytes.resize(whole / 2);
  auto position = std::make_shared<std::size_t>(0);
  part.response.body = http::StreamBody{
      .size = whole, .read = [bytes = std::move(part.bytes), position](char* to, std::size_t space) {
        return *position < bytes.size() ? send_some(bytes, *position, to, space) : std::ptrdiff_t{-1};
      }};
  return std::move(part.response);
}

Answer break_once(const Asked& asked) {
  return asked.times == 0 && asked.is_get() ? break_halfway(asked) : std::nullopt;
}

/// Breaks, and the next time begins anew although a part was asked for.
Answer break_then_whole(const Asked& asked) {
  if (asked.times == 0 || !asked.reads_blob()) return break_once(asked);
  return http::Response{.body = slurp(asked.world.layout.blob(asked.reference).value())};
}

/// Breaks, and the next time says the part that was asked for and sends the first bytes of the file.
Answer break_then_other_part(const Asked& asked) {
  if (asked.times == 0 || !asked.reads_blob()) return break_once(asked);
  Part part{asked};
  part.response.body = slurp(asked.world.layout.blob(asked.reference).value()).substr(0, part.bytes.size());
  return std::move(part.response);
}

/// The second half comes one byte at a time.
Answer trickle(const Asked& asked) {
  if (!asked.reads_blob()) return std::nullopt;
  Part part{asked};
  const std::size_t whole = part.bytes.size();
  auto position = std::make_shared<std::size_t>(0);
  part.response.body = http::StreamBody{
      .size = whole, .read = [bytes = std::move(part.bytes), position](char* to, std::size_t space) {
        const std::size_t half = bytes.size() / 2;
        if (*position < half) return send_some(bytes, *position, to, std::min(space, half - *position));
        std::this_thread::sleep_for(100ms);
        return send_some(bytes, *position, to, 1);
      }};
  return std::move(part.response);
}

/// Half comes, and then nothing, while the connection stays. @param seconds how long
Answer stall(const Asked& asked) {
  if (!asked.reads_blob()) return std::nullopt;
  Part part{asked};
  const std::size_t whole = part.bytes.size();
  part.bytes.resize(whole / 2);
  auto position = std::make_shared<std::size_t>(0);
  part.response.body = http::StreamBody{
      .size = whole, .read = [bytes = std::move(part.bytes), position](char* to, std::size_t space) {
        if (*position < bytes.size()) return send_some(bytes, *position, to, space);
        std::this_thread::sleep_for(3600'000ms);
        return std::ptrdiff_t{-1};
      }};
  return std::move(part.response);
}

Answer stall_once(const Asked& asked) {
  return asked.times == 0 && asked.is_get() ? stall(asked) : std::nullopt;
}

bool reads(const Asked& asked) { return asked.reads_blob() || asked.reads_manifest(); }

Answer always_500(const Asked& asked) { return reads(asked) ? Answer{error(500, "UNKNOWN")} : std::nullopt; }

Answer twice_500(const Asked& asked) { return asked.times < 2 ? always_500(asked) : std::nullopt; }

Answer busy(const Asked& asked) {
  if (!reads(asked) || asked.times >= 2) return std::nullopt;
  http::Response response = error(503, "UNAVAILABLE");
  set_header(response, "Retry-After", "1");
  return response;
}

Answer too_many(const Asked& asked) {
  if (!reads(asked) || asked.times >= 2) return std::nullopt;
  http::Response response = error(429, "TOOMANYREQUESTS");
  set_header(response, "Retry-After", "1");
  return response;
}

Answer wait_a_year(const Asked& asked) {
  if (!reads(asked)) return std::nullopt;
  http::Response response = error(503, "UNAVAILABLE");
  set_header(response, "Retry-After", "31536000");
  return response;
}

Answer hang_up(const Asked& asked) {
  if (!reads(asked)) return std::nullopt;
  return http::Response{
      .body = http::StreamBody{.size = 1, .read = [](char*, std::size_t) { return std::ptrdiff_t{-1}; }}};
}

constexpr Lie kLies[] = {
    {"wrong-digest", "blobs have one wrong bit", flip_a_bit, nullptr},
    {"longer", "blobs have one byte more than announced in the manifest", one_more, nullptr},
    {"shorter", "blobs have one byte less, and a Content-Length that agrees", one_less, nullptr},
    {"endless", "blobs never end", endless, nullptr},
    {"truncated", "the connection breaks in the middle of each blob, always", break_halfway, nullptr},
    {"truncated-once", "it breaks the first time; then a Range is honoured", break_once, nullptr},
    {"truncated-no-range", "it breaks the first time; then all is sent, Range or not", break_then_whole,
     nullptr},
    {"wrong-range", "it breaks the first time; then another part than the one named is sent",
     break_then_other_part, nullptr},
    {"slow", "the second half of a blob comes ten bytes a second", trickle, nullptr},
    {"stalls", "the second half of a blob never comes", stall, nullptr},
    {"stalls-once", "likewise, but only the first time", stall_once, nullptr},
    {"500s", "manifests and blobs are answered 500, always", always_500, nullptr},
    {"500-twice", "they are answered 500 twice, then honestly", twice_500, nullptr},
    {"503-twice", "they are answered 503 with Retry-After: 1 twice, then honestly", busy, nullptr},
    {"429-twice", "they are answered 429 with Retry-After: 1 twice, then honestly", too_many, nullptr},
    {"503-for-a-year", "they are answered 503 with a Retry-After of a year", wait_a_year, nullptr},
    {"hangs-up", "manifests and blobs end before their first byte", hang_up, nullptr},
};

}  // namespace

std::span<const Lie> lies_of_bytes() { return kLies; }

}  // namespace lying
