#include "chapters/10-registry/server/reading.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "chapters/09-images/manifest.hpp"
#include "chapters/10-registry/server/refusal.hpp"
#include "common/json.hpp"

namespace dockwright::serve {

namespace {

/// So many names are in one answer at most, as many as are asked for.
constexpr std::uint64_t kLongestPage = 10'000;

/// The list, and in a Link header where the next page of it is.
http::Response list(nlohmann::ordered_json document, const char* key,
                    const Page& page, const std::string& path,
                    const http::Request& request) {
  document[key] = page.items;
  http::Response response{.headers = {{"Content-Type", kJson}},
                          .body = write_json(document)};
  if (page.more && !page.items.empty())
    response.headers.emplace_back(
        "Link", fmt::format("<{}?n={}&last={}>; rel=\"next\"", path,
                            request.parameter("n").value_or("100"),
                            http::percent_encode(page.items.back())));
  return response;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

const std::string& media_type_of(const ManifestOrIndex& document) {
  if (const auto* index = std::get_if<Index>(&document))
    return index->media_type;
  return std::get<Manifest>(document).media_type;
}

}  // namespace

bool is_accepted(std::string_view accept, std::string_view media_type) {
  while (!accept.empty()) {
    const std::size_t comma = std::min(accept.find(','), accept.size());
    std::string_view one = accept.substr(0, comma);
    accept.remove_prefix(std::min(comma + 1, accept.size()));
    one = trim(one.substr(0, one.find(';')));
    if (one == media_type || one == "*/*" || one == "application/*")
      return true;
  }
  return false;
}

Page page_of(const std::vector<std::string>& all,
             const http::Request& request) {
  std::uint64_t count = kLongestPage;
  if (const auto asked = request.parameter("n")) {
    const auto number = http::parse_number(*asked);
    if (!number)
      throw Refusal{400, "PAGINATION_NUMBER_INVALID",
                    fmt::format("n={:?}: a number is expected",
                                asked->substr(0, 40))};
    count = std::min(*number, kLongestPage);
  }
  auto first = all.begin();
  if (const auto last = request.parameter("last"))
    first = std::upper_bound(all.begin(), all.end(), *last);
  const auto left = static_cast<std::uint64_t>(all.end() - first);
  const auto taken = static_cast<std::ptrdiff_t>(std::min(count, left));
  return {.items = {first, first + taken}, .more = left > count};
}

http::Response give_catalog(const Store& store,
                            const Holdings& holdings,
                            const http::Request& request) {
  return list({}, "repositories",
              page_of(holdings.repositories(store), request),
              "/v2/_catalog", request);
}

http::Response give_tags(const Store& store, const Holdings& holdings,
                         const Route& route,
                         const http::Request& request) {
  const auto tags = holdings.tags(store, *route.repository);
  if (!tags) throw unknown_repository(route.name);
  return list({{"name", route.name}}, "tags", page_of(*tags, request),
              fmt::format("/v2/{}/tags/list", route.name), request);
}

http::Response give_manifest(const Store& store,
                             const Holdings& holdings,
                             const Route& route,
                             const http::Request& request) {
  const auto unknown = [&] {
    return Refusal{404, "MANIFEST_UNKNOWN",
                   fmt::format("there is no {} of {} here",
                               route.reference, route.name)};
  };
  const auto descriptor =
      holdings.manifest(store, *route.repository, route.reference);
  if (!descriptor) throw unknown();
  // A blob that is no document has no business here, whatever its size.
  if (descriptor->size > JsonLimits{}.bytes) throw unknown();
  std::string text = store.read_document(*descriptor);
  std::string media_type;
  try {
    media_type = media_type_of(parse_manifest_or_index(
        descriptor->digest.str(), text, descriptor->media_type));
  } catch (const Failure&) {
    if (descriptor->media_type.empty()) throw unknown();
    throw;
  }
  if (const auto accept = request.header("accept");
      accept && !is_accepted(*accept, media_type))
    throw Refusal{404, "MANIFEST_UNKNOWN",
                  fmt::format("{} of {} is {}, which was not asked for",
                              route.reference, route.name, media_type)};
  return {.headers = {{"Content-Type", media_type},
                      {kDigestHeader, descriptor->digest.str()},
                      {"Etag", '"' + descriptor->digest.str() + '"'}},
          .body = std::move(text)};
}

http::Response give_blob(const Store& store, const Holdings& holdings,
                         const Route& route) {
  const auto digest = Digest::try_parse(route.reference);
  if (!digest)
    throw Refusal{400, "DIGEST_INVALID",
                  fmt::format("{:?} is no digest", route.reference)};
  auto blob = holdings.blob(store, *route.repository, *digest);
  if (!blob) throw unknown_blob(digest->str());
  return {.headers = {{"Content-Type", "application/octet-stream"},
                      {kDigestHeader, digest->str()},
                      {"Etag", '"' + digest->str() + '"'}},
          .body = http::FileBody{.file = std::move(blob->file),
                                 .size = blob->size}};
}

}  // namespace dockwright::serve
