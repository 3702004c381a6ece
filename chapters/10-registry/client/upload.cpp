#include "chapters/10-registry/client/upload.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

/// A part of a file, as the body of a request.
Upload part_of(const UniqueFd& file, std::uint64_t from,
               std::uint64_t size,
               const std::function<void(std::uint64_t)>& moved) {
  return {.size = size,
          .read = [&file, from, moved](std::uint64_t offset,
                                       std::span<char> into) {
            const auto got = check(
                retry([&] {
                  return ::pread(file.get(), into.data(), into.size(),
                                 static_cast<off_t>(from + offset));
                }),
                "read a blob of the store");
            if (moved)
              moved(from + offset + static_cast<std::uint64_t>(got));
            return static_cast<std::size_t>(got);
          }};
}

class BlobUpload {
 public:
  BlobUpload(Repository& repository, const Descriptor& blob,
             const UniqueFd& file, const UploadOptions& options)
      : repository_{repository},
        blob_{blob},
        file_{file},
        options_{options} {}

  Uploaded run();

 private:
  [[nodiscard]] std::optional<std::string> try_mount();
  void begin();
  void send();
  [[nodiscard]] HttpRequest piece(std::uint64_t size) const;
  void send_chunk(std::uint64_t most);
  void send_last();
  void ask_how_far();
  void go_on_at(const HttpResponse& response);
  [[nodiscard]] Url with_digest() const;

  Repository& repository_;
  const Descriptor& blob_;
  const UniqueFd& file_;
  const UploadOptions& options_;
  Url place_{};             ///< Where the next bytes go.
  std::uint64_t sent_ = 0;  ///< Bytes that the registry has.
  bool broken_ = false;     ///< A chunk broke off: how far it came is
                            ///< not known.
};

/// The registry names the place of the next request. It is a place of
/// its own, or one that the rules of redirects let us go to.
void BlobUpload::go_on_at(const HttpResponse& response) {
  const std::string location = response.header("location");
  if (location.empty())
    throw Failure{
        fmt::format("{} takes an upload, and does not say where to",
                    repository_.connection().session().origin().str())};
  const Url here = repository_.at("blobs/uploads/");
  place_ = follow_redirect(
      repository_.connection().session().settings().trust, here,
      location, 1);
}

Url BlobUpload::with_digest() const {
  Url url = place_;
  const bool query = url.target.find('?') != std::string::npos;
  url.target += (query ? "&digest=" : "?digest=") +
                query_escaped(blob_.digest.str());
  return url;
}

std::optional<std::string> BlobUpload::try_mount() {
  for (const std::string& other : options_.elsewhere) {
    because("another repository there may have it: no need to send it");
    Scopes scopes = push_scope(repository_.name());
    scopes.push_back(pull_scope(other).front());
    const HttpResponse response = repository_.connection().send(
        {.http = {.method = "POST",
                  .url = repository_.at(
                      fmt::format("blobs/uploads/?mount={}&from={}",
                                  query_escaped(blob_.digest.str()),
                                  query_escaped(other)))},
         .scopes = std::move(scopes)});
    if (response.status == 201) return other;
    if (response.status == 202) {  // it has not, and waits for us
      go_on_at(response);
      return std::nullopt;
    }
  }
  return std::nullopt;
}

void BlobUpload::begin() {
  const HttpResponse response = repository_.send_once(
      {.method = "POST", .url = repository_.at("blobs/uploads/")});
  if (response.status != 202)
    repository_.refused(response, "an upload to");
  go_on_at(response);
  sent_ = 0;
}

/// All but the last piece by PATCH, that by the PUT which ends the
/// upload; what is small is one piece.
void BlobUpload::send() {
  Connection& connection = repository_.connection();
  if (place_.origin.host.empty()) connection.persist([&] { begin(); });
  while (blob_.size - sent_ > options_.chunk_bytes)
    connection.persist([&] { send_chunk(options_.chunk_bytes); });
  connection.persist([&] { send_last(); });
}

HttpRequest BlobUpload::piece(std::uint64_t size) const {
  HttpRequest request{
      .headers = {"Content-Type: application/octet-stream"},
      .body = part_of(file_, sent_, size, options_.moved)};
  if (size < blob_.size)
    request.headers.push_back(
        fmt::format("Content-Range: {}-{}", sent_, sent_ + size - 1));
  return request;
}

void BlobUpload::send_chunk(std::uint64_t most) {
  if (broken_) ask_how_far();
  const std::uint64_t size = std::min(most, blob_.size - sent_);
  HttpRequest request = piece(size);
  request.method = "PATCH";
  request.url = place_;
  broken_ = true;
  const HttpResponse response =
      repository_.send_once(std::move(request));
  if (response.status != 202)
    repository_.refused(response, "an upload to");
  broken_ = false;
  go_on_at(response);
  sent_ += size;
}

void BlobUpload::send_last() {
  if (broken_) ask_how_far();
  HttpRequest request = piece(blob_.size - sent_);
  request.method = "PUT";
  request.url = with_digest();
  broken_ = true;
  const HttpResponse response =
      repository_.send_once(std::move(request));
  if (response.status != 201)
    repository_.refused(response, "an upload to");
}

/// After a break: the registry knows how much has come.
void BlobUpload::ask_how_far() {
  because("the connection broke: how much has the registry got?");
  const HttpResponse response = repository_.send_once({.url = place_});
  if (response.status != 204 && response.status != 202) {
    begin();  // it has forgotten the upload
  } else {
    const auto got = received_bytes(response.header("range"));
    if (!got || *got > blob_.size)
      throw Failure{fmt::format(
          "{} does not say how much of the upload has come ({:?})",
          repository_.connection().session().origin().str(),
          response.header("range"))};
    sent_ = *got;
    if (!response.header("location").empty()) go_on_at(response);
  }
  broken_ = false;
}

Uploaded BlobUpload::run() {
  if (repository_.has_blob(blob_))
    return {.how = Uploaded::How::was_there};
  if (auto from = try_mount())
    return {.how = Uploaded::How::mounted, .from = *std::move(from)};
  send();
  return {.how = Uploaded::How::sent};
}

}  // namespace

Uploaded upload_blob(Repository& repository, const Descriptor& blob,
                     const UniqueFd& file,
                     const UploadOptions& options) {
  return BlobUpload{repository, blob, file, options}.run();
}

std::optional<std::uint64_t> received_bytes(std::string_view header) {
  // The specification's `0-1023`; `0-0` is one byte, or none at all,
  // and both say to go on at the beginning or after it.
  if (header.starts_with("bytes=")) header.remove_prefix(6);
  if (!header.starts_with("0-")) return std::nullopt;
  header.remove_prefix(2);
  std::uint64_t last = 0;
  const auto [end, error] = std::from_chars(
      header.data(), header.data() + header.size(), last);
  if (error != std::errc{} || end != header.data() + header.size())
    return std::nullopt;
  return last == 0 ? 0 : last + 1;
}

}  // namespace dockwright
