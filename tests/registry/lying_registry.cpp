#include "tests/registry/lying_registry.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <regex>

#include "common/check.hpp"
#include "common/digest.hpp"

using namespace dockwright;

namespace lying {

namespace {

http::Response file(const std::filesystem::path& path) {
  UniqueFd fd{check(::open(path.c_str(), O_RDONLY | O_CLOEXEC), "open {}", path.native())};
  return {.headers = {{"Content-Type", "application/octet-stream"}},
          .body = http::FileBody{.file = std::move(fd), .size = std::filesystem::file_size(path)}};
}

}  // namespace

Asked Registry::understand(const http::Request& request) {
  static const std::regex route{
      R"(/v2/([a-z0-9._/-]+)/(manifests|blobs/uploads|blobs|tags)/([A-Za-z0-9_.:-]*))"};
  Asked asked{.request = request, .world = world_};
  std::smatch found;
  if (request.path == "/v2/" || request.path == "/v2") {
    asked.what = What::base;
  } else if (request.path == "/token") {
    asked.what = What::token;
  } else if (request.path.starts_with("/redirect/")) {
    asked.what = What::redirect;
  } else if (std::regex_match(request.path, found, route)) {
    const std::string kind = found[2];
    asked.what = kind == "manifests" ? What::manifest
                 : kind == "blobs"   ? What::blob
                 : kind == "tags"    ? What::tags
                                     : What::upload;
    asked.name = found[1];
    asked.reference = found[3];
  }
  const std::lock_guard lock{mutex_};
  std::string key = request.method + ' ' + request.path;
  if (asked.what == What::redirect) key = "redirects";
  asked.times = times_[key]++;
  return asked;
}

http::Response Registry::answer(const http::Request& request, const std::string& body) {
  // A refusal for want of a password does not count: the client comes again.
  const bool free = request.path == "/token" || request.path.starts_with("/redirect/");
  static const std::regex repository{R"(/v2/([a-z0-9._/-]+)/(manifests|blobs|tags)/.*)"};
  std::smatch found;
  const std::string name = std::regex_match(request.path, found, repository) ? found[1].str() : "";
  if (!free)
    if (auto refusal = access_.refusal(request, name)) return *std::move(refusal);
  const Asked asked = understand(request);
  for (const Lie* const lie : lies_)
    if (lie->instead != nullptr)
      if (auto response = lie->instead(asked)) return *std::move(response);
  http::Response response = honest(asked, body);
  for (const Lie* const lie : lies_)
    if (lie->spoil != nullptr) lie->spoil(asked, response);
  return response;
}

http::Response Registry::honest(const Asked& asked, const std::string& body) {
  switch (asked.what) {
    case What::base:
      return {.headers = {{"Docker-Distribution-API-Version", "registry/2.0"}}, .body = "{}"};
    case What::token:
      return access_.give_token(asked.request);
    case What::manifest:
      return manifest(asked, body);
    case What::blob:
      return blob(asked);
    case What::upload:
      return upload(asked, body);
    case What::tags:
      return tags(asked);
    case What::redirect:
    case What::unknown:
      break;
  }
  return error(404, "NOT_FOUND");
}

http::Response Registry::manifest(const Asked& asked, const std::string& body) {
  Document document;
  if (asked.request.method == "PUT") {
    const std::string digest = Digest::of(body).str();
    const std::lock_guard lock{mutex_};
    for (const std::string& key : {asked.reference, digest}) {
      pushed_[key] = body;
      types_[key] = asked.request.header("content-type").value_or("");
    }
    return {.status = 201,
            .headers = {{"Location", fmt::format("/v2/{}/manifests/{}", asked.name, digest)},
                        {"Docker-Content-Digest", digest}}};
  }
  const std::unique_lock lock{mutex_};
  if (const auto found = types_.find(asked.reference); found != types_.end()) {
    document = {.media_type = found->second,
                .digest = Digest::of(pushed_.at(asked.reference)).str(),
                .text = pushed_.at(asked.reference)};
  } else if (auto stored = world_.layout.manifest(asked.reference)) {
    document = *std::move(stored);
  } else {
    return error(404, "MANIFEST_UNKNOWN");
  }
  return {.headers = {{"Content-Type", document.media_type}, {"Docker-Content-Digest", document.digest}},
          .body = std::move(document.text)};
}

http::Response Registry::blob(const Asked& asked) {
  if (const auto path = world_.layout.blob(asked.reference)) {
    http::Response response = file(*path);
    response.headers.emplace_back("Docker-Content-Digest", asked.reference);
    return response;
  }
  const std::lock_guard lock{mutex_};
  if (const auto found = pushed_.find(asked.reference); found != pushed_.end())
    return {.headers = {{"Docker-Content-Digest", asked.reference}}, .body = found->second};
  return error(404, "BLOB_UNKNOWN");
}

http::Response Registry::upload(const Asked& asked, const std::string& body) {
  const std::lock_guard lock{mutex_};
  std::string id = asked.reference;
  if (asked.request.method == "POST") id = fmt::format("u{}", uploads_.size());
  const auto [upload, is_new] = uploads_.try_emplace(id);
  if (is_new && asked.request.method != "POST") uploads_.erase(upload);
  if (is_new && asked.request.method != "POST") return error(404, "BLOB_UPLOAD_UNKNOWN");
  upload->second += body;
  http::Response response{
      .status = 202,
      .headers = {{"Location", fmt::format("/v2/{}/blobs/uploads/{}", asked.name, id)},
                  {"Range", fmt::format("0-{}", upload->second.empty() ? 0 : upload->second.size() - 1)}}};
  const auto digest = asked.request.parameter("digest");
  if (!digest || (asked.request.method == "POST" && body.empty())) return response;
  if (Digest::of(upload->second).str() != *digest) return error(400, "DIGEST_INVALID");
  pushed_[*digest] = std::move(upload->second);
  response.status = 201;
  set_header(response, "Location", fmt::format("/v2/{}/blobs/{}", asked.name, *digest));
  return response;
}

http::Response Registry::tags(const Asked& asked) const {
  std::string list;
  for (const auto& [tag, document] : world_.layout.tags())
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", tag);
  return {.headers = {{"Content-Type", "application/json"}},
          .body = fmt::format(R"({{"name":"{}","tags":[{}]}})", asked.name, list)};
}

}  // namespace lying
