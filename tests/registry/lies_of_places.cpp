// Ways that lead elsewhere: to files of the client's machine, to hosts that nobody named, in circles, and to
// a second host that waits for the client's password.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tests/registry/access.hpp"
#include "tests/registry/lies.hpp"

using namespace dockwright;

namespace lying {

namespace {

using Answer = std::optional<http::Response>;

Answer redirect_blob(const Asked& asked, const std::string& to) {
  return asked.reads_blob() ? Answer{redirect(to)} : std::nullopt;
}

Answer to_other(const Asked& asked) {
  return redirect_blob(asked, asked.world.other_url + asked.request.target);
}

Answer to_other_asking(const Asked& asked) {
  return redirect_blob(asked, asked.world.other_url + "/ask-basic" + asked.request.target);
}

Answer to_other_userinfo(const Asked& asked) {
  std::string url = asked.world.other_url + asked.request.target;
  return redirect_blob(asked, url.insert(url.find("//") + 2, "127.0.0.1:5000@"));
}

Answer manifest_to_other(const Asked& asked) {
  if (!asked.reads_manifest()) return std::nullopt;
  return redirect(asked.world.other_url + asked.request.target);
}

Answer to_itself(const Asked& asked) {
  if (asked.what == What::redirect) return redirect(fmt::format("/redirect/{}", asked.times + 1));
  return redirect_blob(asked, "/redirect/0");
}

Answer three_redirects(const Asked& asked) {
  const std::string step = asked.request.parameter("step").value_or("0");
  if (step == "3") return std::nullopt;
  return redirect_blob(asked, fmt::format("{}?step={}", asked.request.path, std::stoi(step) + 1));
}

Answer to_file(const Asked& asked) { return redirect_blob(asked, "file:///etc/passwd"); }
Answer to_gopher(const Asked& asked) { return redirect_blob(asked, "gopher://127.0.0.1:1/_x"); }
Answer to_link_local(const Asked& asked) {
  return redirect_blob(asked, "http://169.254.169.254/latest/meta-data/");
}

/// Sends a client that has no token to a realm of our choice.
Answer challenge(const Asked& asked, const std::string& realm) {
  const bool has_token = asked.request.header("authorization").value_or("").starts_with("Bearer ");
  if (has_token || asked.what == What::token) return std::nullopt;
  http::Response refused = error(401, "UNAUTHORIZED");
  refused.headers.emplace_back(
      "WWW-Authenticate",
      fmt::format(R"(Bearer realm="{}",service="tests",scope="repository:{}:pull")", realm, asked.name));
  return refused;
}

Answer realm_at_other(const Asked& asked) { return challenge(asked, asked.world.other_url + "/token"); }
Answer realm_in_file(const Asked& asked) { return challenge(asked, "file:///etc/passwd"); }
Answer realm_link_local(const Asked& asked) { return challenge(asked, "http://169.254.169.254/token"); }
Answer realm_redirects(const Asked& asked) {
  if (asked.what == What::token) return redirect(asked.world.other_url + "/token");
  return challenge(asked, asked.world.own_url + "/token");
}

/// A manifest whose layers are to be had from somewhere else as well (CVE-2020-15157), and not from here.
Answer foreign_layers(const Asked& asked) {
  if (asked.what == What::blob) {
    const auto manifest = asked.world.layout.manifest("latest");
    const auto json = nlohmann::json::parse(manifest->text);
    if (json.contains("config") && json["config"]["digest"] == asked.reference) return std::nullopt;
    return error(404, "BLOB_UNKNOWN");
  }
  if (!asked.reads_manifest()) return std::nullopt;
  const auto honest = asked.world.layout.manifest(asked.reference);
  if (!honest) return std::nullopt;
  auto json = nlohmann::ordered_json::parse(honest->text);
  for (auto& layer : json["layers"])
    layer["urls"] = {fmt::format("{}/v2/{}/blobs/{}", asked.world.other_url, asked.name,
                                 layer["digest"].get<std::string>())};
  return http::Response{.headers = {{"Content-Type", honest->media_type}}, .body = json.dump()};
}

void upload_at_other(const Asked& asked, http::Response& honest) {
  if (asked.what == What::upload && asked.request.method == "POST")
    set_header(honest, "Location",
               fmt::format("{}/v2/{}/blobs/uploads/1", asked.world.other_url, asked.name));
}

void upload_to_file(const Asked& asked, http::Response& honest) {
  if (asked.what == What::upload && asked.request.method == "POST")
    set_header(honest, "Location", "file:///tmp/dockwright-evil");
}

void upload_nowhere(const Asked& asked, http::Response& honest) {
  if (asked.what == What::upload && asked.request.method == "POST") remove_header(honest, "Location");
}

Answer upload_forgotten(const Asked& asked) {
  const bool writes = asked.request.method == "PATCH" || asked.request.method == "PUT";
  if (asked.what != What::upload || !writes) return std::nullopt;
  return error(404, "BLOB_UPLOAD_UNKNOWN");
}

Answer upload_500_once(const Asked& asked) {
  const bool writes = asked.request.method == "PATCH" || asked.request.method == "PUT";
  if (asked.what != What::upload || !writes || asked.times > 0) return std::nullopt;
  return error(500, "UNKNOWN");
}

constexpr Lie kLies[] = {
    {"redirect-to-other-host", "blobs are at the second host", to_other, nullptr},
    {"redirect-to-http", "the same; with --tls it leaves TLS (without --other-tls)", to_other, nullptr},
    {"basic-realm-phishing", "blobs are at the second host, which asks for a password", to_other_asking,
     nullptr},
    {"redirect-with-user", "blobs are at the second host, whose URL begins like another's", to_other_userinfo,
     nullptr},
    {"redirect-of-manifest", "manifests are at the second host", manifest_to_other, nullptr},
    {"endless-redirect", "blobs are somewhere else, for ever", to_itself, nullptr},
    {"three-redirects", "blobs are three redirects away (no lie)", three_redirects, nullptr},
    {"redirect-to-file", "blobs are at file:///etc/passwd", to_file, nullptr},
    {"redirect-to-gopher", "blobs are at gopher:", to_gopher, nullptr},
    {"redirect-to-link-local", "blobs are at 169.254.169.254", to_link_local, nullptr},
    {"bearer-realm-phishing", "tokens are had at the second host", realm_at_other, nullptr},
    {"realm-redirects", "tokens are had here, and from here the way leads to the second host",
     realm_redirects, nullptr},
    {"realm-is-file", "tokens are had at file:///etc/passwd", realm_in_file, nullptr},
    {"realm-is-link-local", "tokens are had at 169.254.169.254", realm_link_local, nullptr},
    {"foreign-layers", "layers are had at the second host alone (CVE-2020-15157)", foreign_layers, nullptr},
    {"upload-to-other-host", "what is pushed goes to the second host", nullptr, upload_at_other},
    {"upload-to-file", "what is pushed goes to file:///tmp/dockwright-evil", nullptr, upload_to_file},
    {"upload-nowhere", "an upload has no Location", nullptr, upload_nowhere},
    {"upload-forgotten", "an upload is unknown when its bytes come", upload_forgotten, nullptr},
    {"upload-500-once", "the first bytes of an upload are answered 500", upload_500_once, nullptr},
};

}  // namespace

std::span<const Lie> lies_of_places() { return kLies; }

}  // namespace lying
