#include "chapters/10-registry/server/writing.hpp"

#include <cstdint>

#include "chapters/10-registry/server/reading.hpp"
#include "chapters/10-registry/server/refusal.hpp"

namespace dockwright::serve {

namespace {

Digest digest_of(const std::string& text) {
  const auto digest = Digest::try_parse(text);
  if (!digest)
    throw Refusal{400, "DIGEST_INVALID",
                  fmt::format("{:?} is no digest: sha256: and 64 "
                              "hexadecimal digits are expected",
                              text.substr(0, 100))};
  return *digest;
}

/// Where an upload goes on, and how much of it there is.
http::Response progress(int status, const Route& route,
                        const Borrowed& upload) {
  const std::uint64_t size = upload.blob().size();
  return {.status = status,
          .headers = {
              {"Location", fmt::format("/v2/{}/blobs/uploads/{}",
                                       route.name, upload.id())},
              {"Range", fmt::format("0-{}", size == 0 ? 0 : size - 1)},
              {"Docker-Upload-UUID", upload.id()}}};
}

http::Response created(const Route& route, const Digest& digest) {
  return {
      .status = 201,
      .headers = {{"Location", fmt::format("/v2/{}/blobs/{}",
                                           route.name, digest.str())},
                  {kDigestHeader, digest.str()}}};
}

/// The first byte that a chunk says it has: `0-99`, `bytes 0-99/200`.
std::optional<std::uint64_t> first_of(std::string_view range) {
  if (range.starts_with("bytes ")) range.remove_prefix(6);
  return http::parse_number(range.substr(0, range.find('-')));
}

/// Bytes for an upload; and when it has them all, a digest to check.
class Upload : public http::Exchange {
 public:
  Upload(const Desk& desk, Route route, const http::Request& request,
         Borrowed upload)
      : desk_{desk},
        route_{std::move(route)},
        upload_{std::move(upload)},
        is_first_{request.method == "POST"} {
    if (request.method != "PATCH")
      if (const auto digest = request.parameter("digest"))
        digest_ = digest_of(*digest);
    if (request.method == "PUT" && !digest_)
      throw Refusal{400, "DIGEST_INVALID", "a ?digest= is missing"};
    range_ = request.header("content-range");
  }

  std::optional<http::Response> begin() override {
    if (!range_ || first_of(*range_) == upload_.blob().size())
      return std::nullopt;
    return progress(416, route_, upload_);
  }

  [[nodiscard]] std::uint64_t body_limit() const override {
    const std::uint64_t most = desk_.uploads.limits().blob_bytes;
    const std::uint64_t there = upload_.blob().size() - taken_;
    return most > there ? most - there : 0;
  }

  void take(std::string_view bytes) override {
    try {
      upload_.blob().write(bytes);
    } catch (...) {
      upload_.finish();  // half a piece is in it: nobody can go on
      throw;
    }
    taken_ += bytes.size();
  }

  http::Response finish() override {
    // A POST with a digest and no body begins an upload all the same.
    const bool nothing_came =
        is_first_ && taken_ == 0 && digest_ != Digest::of("");
    if (!digest_ || nothing_came) return progress(202, route_, upload_);
    upload_.finish();
    upload_.blob().commit(*digest_);
    desk_.arrivals.add(*route_.repository, *digest_);
    return created(route_, *digest_);
  }

 private:
  Desk desk_;
  Route route_;
  Borrowed upload_;
  bool is_first_;
  std::optional<Digest> digest_{};
  std::optional<std::string> range_{};
  std::uint64_t taken_ = 0;
};

/// A blob that another repository of ours has. Nothing when it has not,
/// and the client then sends it.
std::optional<http::Response> mount(const Desk& desk,
                                    const Route& route,
                                    const http::Request& request) {
  const auto wanted = request.parameter("mount");
  const auto from = request.parameter("from");
  if (!wanted || !from) return std::nullopt;
  const Digest digest = digest_of(*wanted);
  const auto other = parse_repository(*from);
  if (!other ||
      !desk.holdings.blob(*desk.uploads.store(), *other, digest))
    return std::nullopt;
  desk.arrivals.add(*route.repository, digest);
  return created(route, digest);
}

std::unique_ptr<http::Exchange> answer(http::Response response) {
  const auto kept =
      std::make_shared<http::Response>(std::move(response));
  return http::answer_with([kept] { return std::move(*kept); });
}

}  // namespace

std::unique_ptr<http::Exchange> take_blob(
    const Desk& desk, const Route& route,
    const http::Request& request) {
  const std::string key = key_of(*route.repository);
  if (request.method == "POST") {
    if (!route.reference.empty())
      throw unsupported("an upload goes on with PATCH or PUT");
    if (auto mounted = mount(desk, route, request))
      return answer(*std::move(mounted));
    return std::make_unique<Upload>(desk, route, request,
                                    desk.uploads.begin(key));
  }
  Borrowed upload = desk.uploads.borrow(route.reference, key);
  if (request.method == "PATCH" || request.method == "PUT")
    return std::make_unique<Upload>(desk, route, request,
                                    std::move(upload));
  if (request.method == "DELETE") {
    upload.finish();
    return answer({.status = 204});
  }
  if (request.method == "GET" || request.method == "HEAD")
    return answer(progress(204, route, upload));
  throw unsupported("an upload knows GET, PATCH, PUT and DELETE");
}

}  // namespace dockwright::serve
