#include "chapters/10-registry/client/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace dockwright {

namespace {

constexpr std::size_t kMostHeaderBytes = 256U << 10;
constexpr std::size_t kMostWords = 64U << 10;

Transfer& from(void* self) { return *static_cast<Transfer*>(self); }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// The number in `HTTP/1.1 200 OK`.
long status_of(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return 0;
  line.remove_prefix(space + 1);
  long status = 0;
  std::from_chars(line.data(), line.data() + line.size(), status);
  return status;
}

}  // namespace

void Transfer::header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMostHeaderBytes)
    throw Failure{
        fmt::format("{}: more headers than are read: {} bytes at most",
                    request_.url.shown(), kMostHeaderBytes)};
  if (line.starts_with("HTTP/")) {  // an answer begins, after any 100
    response_.headers.clear();
    response_.status = status_of(line);
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string name{trimmed(line.substr(0, colon))};
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  response_.headers.emplace_back(
      std::move(name), std::string{trimmed(line.substr(colon + 1))});
}

void Transfer::body(std::string_view bytes) {
  if (!response_.ok()) {  // words about a failure: some are enough
    const std::size_t room = kMostWords - response_.body.size();
    response_.body += bytes.substr(0, std::min(room, bytes.size()));
    return;
  }
  if (request_.sink) return request_.sink(response_, bytes);
  if (bytes.size() > request_.most_bytes - response_.body.size())
    throw Failure{fmt::format(
        "{}: the answer is longer than the limit of {} bytes",
        request_.url.shown(), request_.most_bytes)};
  response_.body += bytes;
}

std::size_t Transfer::on_header(char* bytes, std::size_t /*one*/,
                                std::size_t size, void* self) {
  Transfer& transfer = from(self);
  return transfer.guarded([&] {
    transfer.header({bytes, size});
  })
             ? size
             : 0;
}

std::size_t Transfer::on_body(char* bytes, std::size_t /*one*/,
                              std::size_t size, void* self) {
  Transfer& transfer = from(self);
  // A number that is not `size` makes libcurl give up.
  return transfer.guarded([&] {
    transfer.body({bytes, size});
  })
             ? size
             : size + 1;
}

std::size_t Transfer::on_read(char* into, std::size_t one,
                              std::size_t size, void* self) {
  Transfer& transfer = from(self);
  std::size_t count = CURL_READFUNC_ABORT;
  transfer.guarded([&] {
    const auto& body = transfer.request_.body;
    const std::size_t room =
        body ? std::min<std::uint64_t>(one * size,
                                       body->size - transfer.sent_)
             : 0;
    count = room == 0 ? 0 : body->read(transfer.sent_, {into, room});
    transfer.sent_ += count;
  });
  return count;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  from(self).sent_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t,
                          curl_off_t, curl_off_t) {
  Transfer& transfer = from(self);
  return transfer.guarded([&] {
    if (transfer.stop_.stop_requested()) throw Stopped{};
  })
             ? 0
             : 1;
}

}  // namespace dockwright
