#include "chapters/10-registry/client/repository.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chapters/09-images/manifest.hpp"
#include "chapters/09-images/media_types.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/json.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

constexpr std::uint64_t kLargestDocument = 4U << 20;
constexpr std::size_t kMostTags = 100'000;
constexpr int kMostPages = 1000;

/// A media type without what may follow it (`; charset=utf-8`).
std::string bare_type(const std::string& header) {
  std::string type = header.substr(0, header.find(';'));
  while (type.ends_with(' ')) type.pop_back();
  return type;
}

std::vector<std::string> accepted() {
  std::vector<std::string> lines;
  for (const std::string_view type :
       {media::kIndex, media::kManifest, media::kDockerIndex,
        media::kDockerManifest})
    lines.push_back(fmt::format("Accept: {}", type));
  return lines;
}

void check_type(const std::string& name, const std::string& type) {
  if (media::is_index(type) || media::is_manifest(type)) return;
  if (type.find(".manifest.v1") != std::string::npos &&
      type.find("docker") != std::string::npos)
    throw Failure{fmt::format(
        "{} is an image of Docker's first schema, which nobody makes "
        "any more",
        name)};
  throw Failure{fmt::format(
      "{}: the registry sends {:?}, which is neither a manifest nor an "
      "index",
      name, type)};
}

}  // namespace

Scopes pull_scope(const std::string& repository) {
  return {"repository:" + repository + ":pull"};
}

Scopes push_scope(const std::string& repository) {
  return {"repository:" + repository + ":pull,push"};
}

void Repository::refused(const HttpResponse& response,
                         std::string_view what) {
  const std::string address = connection_.session().origin().str();
  const std::string host = address.substr(address.find("://") + 3);
  const std::string message =
      fmt::format("{} {}: {}", what, name_, words_of(response));
  if (response.status != 401 && response.status != 403)
    throw Failure{message};
  const bool known = connection_.session().authorizer().knows_user();
  throw Failure{
      message,
      Advice{.cause = known
                          ? "the registry knows you, and does not let "
                            "you; or the name is wrong"
                          : "the registry does not know you, or the "
                            "name is wrong",
             .cure = fmt::format("log in: `login {}`", host),
             .chapter = 10,
             .anchor = "ch10-fails"}};
}

std::optional<FetchedDocument> Repository::find_document(
    const std::string& tag_or_digest,
    const std::optional<Descriptor>& expected) {
  const HttpResponse response = send(
      {.url = at("manifests/" + tag_or_digest),
       .headers = accepted(),
       .most_bytes = expected ? expected->size : kLargestDocument});
  if (response.status == 404) return std::nullopt;
  const std::string name =
      fmt::format("manifest {} of {}", tag_or_digest, name_);
  if (!response.ok()) refused(response, "the manifest of");
  const std::string type = bare_type(response.header("content-type"));
  check_type(name, type);
  Descriptor found = Descriptor::of(type, response.body);
  const auto asked = Digest::try_parse(tag_or_digest);
  const std::string said = response.header("docker-content-digest");
  const auto differs = [&](std::string_view who, const Digest& other) {
    throw Failure{fmt::format("{}: what came is {}, and {} {}", name,
                              found.digest.str(), who, other.str())};
  };
  if (asked && *asked != found.digest)
    differs("what was asked for is", *asked);
  if (expected && expected->digest != found.digest)
    differs("the index says", expected->digest);
  if (const auto header = Digest::try_parse(said);
      header && *header != found.digest)
    differs("the registry says", *header);
  if (expected && expected->media_type != type)
    throw Failure{fmt::format(
        "{}: the registry sends it as {}, and the index says {}", name,
        type, expected->media_type)};
  return FetchedDocument{std::move(found), response.body};
}

FetchedDocument Repository::document(
    const std::string& tag_or_digest,
    const std::optional<Descriptor>& expected) {
  if (auto found = find_document(tag_or_digest, expected))
    return *std::move(found);
  throw Failure{fmt::format("manifest unknown: {} has no {} of {}",
                            connection_.session().origin().str(),
                            tag_or_digest, name_)};
}

bool Repository::has_blob(const Descriptor& blob) {
  const HttpResponse response =
      send({.method = "HEAD", .url = at("blobs/" + blob.digest.str())});
  if (response.status == 404) return false;
  if (!response.ok()) refused(response, "a blob of");
  return true;
}

bool Repository::has_document(const Descriptor& document) {
  const HttpResponse response =
      send({.method = "HEAD",
            .url = at("manifests/" + document.digest.str()),
            .headers = accepted()});
  return response.ok();
}

void Repository::put_document(const std::string& tag_or_digest,
                              const Descriptor& descriptor,
                              const std::string& text) {
  const HttpResponse response =
      send({.method = "PUT",
            .url = at("manifests/" + tag_or_digest),
            .headers = {"Content-Type: " + descriptor.media_type},
            .body = Upload::of(text)});
  if (!response.ok()) refused(response, "the manifest of");
  const auto said =
      Digest::try_parse(response.header("docker-content-digest"));
  if (said && *said != descriptor.digest)
    throw Failure{fmt::format(
        "the registry has stored {} as {}, which is another document",
        descriptor.digest.str(), said->str())};
}

std::optional<std::string> next_link(std::string_view header) {
  const std::size_t begin = header.find('<');
  const std::size_t end = header.find('>');
  if (begin == std::string_view::npos ||
      end == std::string_view::npos || end < begin)
    return std::nullopt;
  const std::string_view rest = header.substr(end);
  if (rest.find("rel=\"next\"") == std::string_view::npos &&
      rest.find("rel=next") == std::string_view::npos)
    return std::nullopt;
  return std::string{header.substr(begin + 1, end - begin - 1)};
}

std::vector<std::string> Repository::tags() {
  std::vector<std::string> all;
  Url url = at("tags/list");
  for (int page = 1;; ++page) {
    const HttpResponse response = send({.url = url});
    if (!response.ok()) refused(response, "the tags of");
    const JsonDocument document{"the tags of " + name_, response.body};
    const auto some = document.root().texts_of("tags");
    all.insert(all.end(), some.begin(), some.end());
    if (all.size() > kMostTags)
      throw Failure{
          fmt::format("{} has more than {} tags", name_, kMostTags)};
    const auto next = next_link(response.header("link"));
    if (!next || some.empty()) return all;
    const Url there = url.resolve(*next);
    if (there == url || page == kMostPages)
      throw Failure{
          fmt::format("the list of tags of {} does not end", name_)};
    if (there.origin != url.origin)
      throw Failure{fmt::format(
          "the list of tags goes on at {}, which is another registry",
          there.origin.str())};
    url = there;
  }
}

}  // namespace dockwright
