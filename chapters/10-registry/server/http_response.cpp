#include "chapters/10-registry/server/http_response.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "common/check.hpp"

namespace dockwright::http {

namespace {

constexpr std::size_t kBlock = 64U << 10;
constexpr int kPartialContent = 206;
constexpr int kRangeNotSatisfiable = 416;

/// MHD's callback for bytes that are made as they are sent.
ssize_t read_stream(void* stream, std::uint64_t /*position*/, char* to,
                    std::size_t space) {
  const auto size = static_cast<StreamBody*>(stream)->read(to, space);
  if (size == 0) return MHD_CONTENT_READER_END_OF_STREAM;
  return size > 0 ? size : MHD_CONTENT_READER_END_WITH_ERROR;
}

void free_stream(void* stream) {
  delete static_cast<StreamBody*>(stream);
}

Prepared prepare_text(const std::string& text, int status) {
  // MHD copies it, and so does not write to it.
  void* const bytes = const_cast<char*>(text.data());
  return {.response = MhdResponse{::MHD_create_response_from_buffer(
              text.size(), bytes, MHD_RESPMEM_MUST_COPY)},
          .status = status,
          .bytes = text.size()};
}

Prepared prepare_stream(StreamBody body, int status) {
  auto stream = std::make_unique<StreamBody>(std::move(body));
  const std::uint64_t size = stream->size.value_or(MHD_SIZE_UNKNOWN);
  const std::uint64_t bytes = stream->size.value_or(0);
  MhdResponse response{::MHD_create_response_from_callback(
      size, kBlock, read_stream, stream.get(), free_stream)};
  if (response) static_cast<void>(stream.release());  // MHD's now
  return {.response = std::move(response),
          .status = status,
          .bytes = bytes};
}

/// What of a file was asked for. If-Range holds our ETag, or the client
/// has a part of something else, and wants all.
RangeAsked range_of(const Request& request, const Response& response,
                    std::uint64_t size) {
  if (request.method != "GET" || response.status != 200) return {};
  const auto range = request.header("range");
  if (!range) return {};
  if (const auto condition = request.header("if-range"))
    for (const auto& [name, value] : response.headers)
      if (lower_case(name) == "etag" && value != *condition) return {};
  return parse_range(*range, size);
}

Prepared prepare_file(const Request& request, Response& response) {
  using Kind = RangeAsked::Kind;
  auto& body = std::get<FileBody>(response.body);
  const RangeAsked asked = range_of(request, response, body.size);
  response.headers.emplace_back("Accept-Ranges", "bytes");
  if (asked.kind == Kind::beyond) {
    response.headers.emplace_back("Content-Range",
                                  fmt::format("bytes */{}", body.size));
    return prepare_text("", kRangeNotSatisfiable);
  }
  Range part{.first = 0, .end = body.size};
  int status = response.status;
  if (asked.kind == Kind::part) {
    part = asked.range;
    status = kPartialContent;
    response.headers.emplace_back(
        "Content-Range", fmt::format("bytes {}-{}/{}", part.first,
                                     part.end - 1, body.size));
  }
  const std::uint64_t bytes = part.end - part.first;
  MhdResponse made{::MHD_create_response_from_fd_at_offset64(
      bytes, body.file.get(), part.first)};
  if (made) ignore(body.file.release(), "MHD closes it");
  return {
      .response = std::move(made), .status = status, .bytes = bytes};
}

}  // namespace

Prepared prepare(const Request& request, Response response) {
  Prepared prepared;
  if (std::holds_alternative<FileBody>(response.body))
    prepared = prepare_file(request, response);
  else if (auto* stream = std::get_if<StreamBody>(&response.body))
    prepared = prepare_stream(std::move(*stream), response.status);
  else
    prepared = prepare_text(std::get<std::string>(response.body),
                            response.status);
  if (!prepared.response) throw Failure{"no memory for a response"};
  for (const auto& [name, value] : response.headers)
    if (::MHD_add_response_header(prepared.response.get(), name.c_str(),
                                  value.c_str()) != MHD_YES)
      throw Failure{
          fmt::format("{:?}: {:?} is no header", name, value)};
  if (request.method == "HEAD") prepared.bytes = 0;
  return prepared;
}

}  // namespace dockwright::http
