// Documents and headers that contradict themselves or each other, or are beyond measure.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "common/digest.hpp"

#include <cstdint>
#include "tests/registry/access.hpp"
#include "tests/registry/lies.hpp"

using namespace dockwright;

namespace lying {

namespace {

using Answer = std::optional<http::Response>;
using Json = nlohmann::ordered_json;
constexpr const char* kIndexType = "application/vnd.oci.image.index.v1+json";
constexpr const char* kDigestHeader = "Docker-Content-Digest";

http::Response document(const std::string& media_type, std::string text) {
  const std::string digest = Digest::of(text).str();
  return {.headers = {{"Content-Type", media_type}, {kDigestHeader, digest}}, .body = std::move(text)};
}

/// The manifest that was asked for, changed: it has another digest, and so is asked for by tag.
Answer changed(const Asked& asked, void (*change)(Json& manifest)) {
  if (!asked.reads_manifest()) return std::nullopt;
  const auto honest = asked.world.layout.manifest(asked.reference);
  if (!honest) return std::nullopt;
  Json json = Json::parse(honest->text);
  change(json);
  return document(honest->media_type, json.dump());
}

void flip_manifest(const Asked& asked, http::Response& honest) {
  if (asked.reads_manifest() && honest.status == 200)
    if (auto* text = std::get_if<std::string>(&honest.body)) *text += ' ';
}

void say_index(const Asked& asked, http::Response& honest) {
  if (asked.reads_manifest()) set_header(honest, "Content-Type", kIndexType);
}

void say_text(const Asked& asked, http::Response& honest) {
  if (asked.reads_manifest()) set_header(honest, "Content-Type", "text/plain");
}

void no_digest(const Asked&, http::Response& honest) { remove_header(honest, kDigestHeader); }

void other_digest(const Asked& asked, http::Response& honest) {
  if (asked.reads_manifest()) set_header(honest, kDigestHeader, Digest::of("something else").str());
}

Answer ambiguous(const Asked& asked) {
  return changed(asked, [](Json& json) { json["manifests"] = Json::array(); });
}

Answer other_size(const Asked& asked) {
  return changed(asked, [](Json& json) {
    for (Json& layer : json["layers"]) layer["size"] = layer["size"].get<std::uint64_t>() + 1;
  });
}

Answer huge_size(const Asked& asked) {
  return changed(asked, [](Json& json) {
    for (Json& layer : json["layers"]) layer["size"] = 1'000'000'000'000'000'000;
  });
}

Answer evil_digest(const Asked& asked) {
  return changed(asked, [](Json& json) {
    for (Json& layer : json["layers"]) layer["digest"] = "sha256:../../../../../../tmp/evil";
  });
}

Answer schema_1(const Asked& asked) {
  if (!asked.reads_manifest()) return std::nullopt;
  return document(
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
      R"({"schemaVersion":1,"name":"x","tag":"latest","architecture":"amd64","fsLayers":[],"history":[]})");
}

Answer huge_manifest(const Asked& asked) {
  if (!asked.reads_manifest()) return std::nullopt;
  const auto honest = asked.world.layout.manifest(asked.reference);
  return honest ? Answer{document(honest->media_type, honest->text + std::string(64U << 20, ' '))}
                : std::nullopt;
}

Answer deep_manifest(const Asked& asked) {
  if (!asked.reads_manifest()) return std::nullopt;
  constexpr std::size_t kDepth = 100'000;
  return document("application/vnd.oci.image.manifest.v1+json",
                  R"({"schemaVersion":2,"x":)" + std::string(kDepth, '[') + std::string(kDepth, ']') + "}");
}

/// An index in an index in an index; the reference says how deep we are already.
Answer nested_index(const Asked& asked) {
  if (!asked.reads_manifest()) return std::nullopt;
  constexpr int kDepth = 200;
  static const std::map<std::string, std::string> chain = [] {
    std::map<std::string, std::string> texts;
    std::string text = R"({"schemaVersion":2,"manifests":[]})";
    for (int i = 0; i < kDepth; ++i) {
      const std::string digest = Digest::of(text).str();
      texts.emplace(digest, text);
      text = fmt::format(
          R"({{"schemaVersion":2,"mediaType":"{0}","manifests":[{{"mediaType":"{0}","digest":"{1}","size":{2},)"
          R"("platform":{{"architecture":"amd64","os":"linux"}}}}]}})",
          kIndexType, digest, text.size());
    }
    texts.emplace("top", text);
    return texts;
  }();
  const auto found = chain.find(asked.reference);
  return document(kIndexType, found == chain.end() ? chain.at("top") : found->second);
}

void huge_header(const Asked& asked, http::Response& honest) {
  if (asked.reads_manifest()) set_header(honest, "X-Huge", std::string(2U << 20, 'x'));
}

void many_headers(const Asked& asked, http::Response& honest) {
  if (!asked.reads_manifest()) return;
  for (int i = 0; i < 20'000; ++i) honest.headers.emplace_back(fmt::format("X-Header-{}", i), "x");
}

Answer html(const Asked& asked) {
  if (!asked.is_get() && !asked.is_head()) return std::nullopt;
  return http::Response{.headers = {{"Content-Type", "text/html"}},
                        .body = "<html><body>Please log in to the hotel's network.</body></html>"};
}

Answer evil_error(const Asked& asked) {
  if (!asked.reads_manifest()) return std::nullopt;
  return http::Response{
      .status = 404,
      .headers = {{"Content-Type", "application/json"}},
      .body =
          "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"\\u001b]0;owned\\u0007\\u001b[2J\"}]}"};
}

Answer not_there(const Asked&) { return error(404, "NOT_FOUND"); }

Answer long_token(const Asked& asked) {
  if (asked.what != What::token) return std::nullopt;
  return http::Response{.body = R"({"token":")" + std::string(16U << 20, 't') + R"("})"};
}

Answer token_with_newline(const Asked& asked) {
  if (asked.what != What::token) return std::nullopt;
  return http::Response{.body = R"({"token":"abc\r\nX-Smuggled: yes"})"};
}

Answer no_token(const Asked& asked) {
  if (asked.what != What::token) return std::nullopt;
  return http::Response{.body = R"({"expires_in":300})"};
}

Answer endless_tags(const Asked& asked) {
  if (asked.what != What::tags) return std::nullopt;
  return http::Response{.headers = {{"Content-Type", "application/json"},
                                    {"Link", fmt::format("<{}>; rel=\"next\"", asked.request.target)}},
                        .body = fmt::format(R"({{"name":"{}","tags":["again"]}})", asked.name)};
}

constexpr Lie kLies[] = {
    {"wrong-manifest-digest", "manifests have one space more than their digest knows", nullptr,
     flip_manifest},
    {"wrong-media-type", "the Content-Type of a manifest says that it is an index", nullptr, say_index},
    {"no-media-type", "the Content-Type of a manifest says text/plain", nullptr, say_text},
    {"no-digest-header", "there is no Docker-Content-Digest", nullptr, no_digest},
    {"wrong-digest-header", "Docker-Content-Digest names something else", nullptr, other_digest},
    {"ambiguous-manifest", "a document is manifest and index in one (CVE-2021-41190)", ambiguous, nullptr},
    {"wrong-length", "the manifest says one byte more than each layer has", other_size, nullptr},
    {"huge-length", "the manifest says an exabyte for each layer", huge_size, nullptr},
    {"evil-digest", "the digests of layers are paths (CVE-2024-3727)", evil_digest, nullptr},
    {"schema-1", "the manifest is of Docker's first schema", schema_1, nullptr},
    {"huge-manifest", "the manifest has 64 MiB, nearly all spaces", huge_manifest, nullptr},
    {"deep-manifest", "the manifest is 100,000 lists deep", deep_manifest, nullptr},
    {"index-loop", "an index leads to an index, two hundred times", nested_index, nullptr},
    {"huge-header", "a header has 2 MiB", nullptr, huge_header},
    {"many-headers", "there are 20,000 headers", nullptr, many_headers},
    {"html", "everything is a page of a hotel's network", html, nullptr},
    {"evil-error", "an error message steers the terminal", evil_error, nullptr},
    {"not-a-registry", "everything is 404, /v2/ too", not_there, nullptr},
    {"token-too-long", "a token has 16 MiB", long_token, nullptr},
    {"token-with-newline", "a token has a line break and a header in it", token_with_newline, nullptr},
    {"no-token", "the token server's answer has no token", no_token, nullptr},
    {"endless-tags", "the list of tags has a next page for ever", endless_tags, nullptr},
};

}  // namespace

std::span<const Lie> lies_of_documents() { return kLies; }

}  // namespace lying
