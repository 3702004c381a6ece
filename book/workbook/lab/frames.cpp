#include "book/workbook/lab/frames.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <utility>

namespace dockwright::lab {

namespace {

constexpr std::size_t kHeader = 5;
constexpr std::string_view kTypes = "HRSIZWOEXF";

unsigned parse_number(std::string_view text, const char* what) {
  unsigned number = 0;
  const auto end = text.data() + text.size();
  if (const auto parsed = std::from_chars(text.data(), end, number);
      parsed.ec != std::errc{} || parsed.ptr != end)
    throw std::runtime_error(fmt::format("'{}' is no {}", text, what));
  return number;
}

/// Lists of texts, each with its length before it: nothing in a text has to be escaped.
class Writer {
 public:
  void text(std::string_view value) { text_ += fmt::format("{}:{},", value.size(), value); }
  void number(unsigned value) { text(std::to_string(value)); }
  void list(const std::vector<std::string>& values) {
    number(static_cast<unsigned>(values.size()));
    for (const auto& value : values) text(value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_{};
};

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  std::string text() {
    const auto colon = rest_.find(':');
    if (colon == std::string_view::npos) throw std::runtime_error("the request ends too early");
    const std::size_t size = parse_number(rest_.substr(0, colon), "length");
    if (colon + 1 + size >= rest_.size()) throw std::runtime_error("the request ends too early");
    std::string value{rest_.substr(colon + 1, size)};
    rest_.remove_prefix(colon + 1 + size + 1);
    return value;
  }
  unsigned number() { return parse_number(text(), "number"); }
  std::vector<std::string> list() {
    std::vector<std::string> values;
    for (auto left = number(); left > 0; --left) values.push_back(text());
    return values;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string encode(FrameType type, std::string_view payload) {
  std::string bytes{static_cast<char>(type)};
  for (unsigned shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<char>(payload.size() >> shift & 0xff));
  return bytes.append(payload);
}

std::optional<Frame> FrameReader::next() {
  if (bytes_.size() < kHeader) return std::nullopt;
  std::size_t size = 0;
  for (unsigned at = 0; at < 4; ++at)
    size |= static_cast<std::size_t>(static_cast<unsigned char>(bytes_[1 + at])) << 8 * at;
  if (size > kMostBytes || kTypes.find(bytes_[0]) == std::string_view::npos)
    throw std::runtime_error("the laboratory's port carries something that is no frame");
  if (bytes_.size() < kHeader + size) return std::nullopt;
  Frame frame{.type = static_cast<FrameType>(bytes_[0]), .payload = bytes_.substr(kHeader, size)};
  bytes_.erase(0, kHeader + size);
  return frame;
}

std::string encode(const Request& request) {
  Writer writer;
  writer.list(request.command);
  writer.list(request.environment);
  writer.text(request.directory);
  writer.text(request.project);
  writer.text(request.modules);
  writer.number(request.shared ? 1 : 0);
  writer.number(request.as_user ? 1 : 0);
  writer.number(request.terminal ? 1 : 0);
  writer.number(request.rows);
  writer.number(request.columns);
  return writer.take();
}

Request decode_request(std::string_view text) {
  Reader reader{text};
  Request request;
  request.command = reader.list();
  request.environment = reader.list();
  request.directory = reader.text();
  request.project = reader.text();
  request.modules = reader.text();
  request.shared = reader.number() != 0;
  request.as_user = reader.number() != 0;
  request.terminal = reader.number() != 0;
  request.rows = reader.number();
  request.columns = reader.number();
  return request;
}

std::pair<unsigned, unsigned> decode_window_size(std::string_view payload) {
  const auto space = payload.find(' ');
  if (space == std::string_view::npos)
    throw std::runtime_error(fmt::format("'{}' is no window size", payload));
  return {parse_number(payload.substr(0, space), "number of rows"),
          parse_number(payload.substr(space + 1), "number of columns")};
}

int decode_exit_code(std::string_view payload) {
  const unsigned code = parse_number(payload, "exit code");
  if (code > 255) throw std::runtime_error(fmt::format("{} is no exit code", code));
  return static_cast<int>(code);
}

}  // namespace dockwright::lab
