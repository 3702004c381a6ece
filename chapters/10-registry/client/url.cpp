#include "chapters/10-registry/client/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "common/check.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

constexpr unsigned kStay = CURLU_PATH_AS_IS;

struct Closer {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
  void operator()(char* text) const noexcept { curl_free(text); }
};
using Handle = std::unique_ptr<CURLU, Closer>;

/// A part of a URL; empty when it has none.
std::string part(const Handle& url, CURLUPart which,
                 unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK)
    return {};
  return std::unique_ptr<char, Closer>{text}.get();
}

[[noreturn]] void refuse(const std::string& text,
                         std::string_view why) {
  // A password may stand before the @: it is not shown.
  const std::size_t at = text.find('@');
  const std::string shown =
      at == std::string::npos ? text : "…" + text.substr(at);
  throw Failure{fmt::format("{} is no address for us: {}",
                            terminal::without_controls(shown), why)};
}

void check_scheme(const std::string& text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string::npos) return;
  std::string scheme = text.substr(0, colon);
  for (char& c : scheme)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (scheme != "http" && scheme != "https")
    refuse(text, "only http and https are spoken here");
  // libcurl forgives a slash too many, and takes the path for a host.
  if (text.substr(colon + 3).starts_with('/'))
    refuse(text, "it names no host");
}

Url taken_apart(const Handle& url, const std::string& text) {
  Url result;
  result.origin.scheme = part(url, CURLUPART_SCHEME);
  if (result.origin.scheme != "http" && result.origin.scheme != "https")
    refuse(text, "only http and https are spoken here");
  if (!part(url, CURLUPART_USER).empty() ||
      !part(url, CURLUPART_PASSWORD).empty())
    refuse(text, "a name or password has no place in it");
  result.origin.host = part(url, CURLUPART_HOST);
  if (result.origin.host.empty()) refuse(text, "it names no host");
  for (char& c : result.origin.host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::string port =
      part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(),
                  result.origin.port);
  result.target = part(url, CURLUPART_PATH);
  if (result.target.empty()) result.target = "/";
  if (const std::string query = part(url, CURLUPART_QUERY);
      !query.empty())
    result.target += '?' + query;
  return result;
}

Handle new_handle() {
  Handle url{curl_url()};
  if (url == nullptr) throw std::bad_alloc{};
  return url;
}

}  // namespace

std::string Origin::str() const {
  const unsigned usual = scheme == "https" ? 443 : 80;
  return port == usual ? fmt::format("{}://{}", scheme, host)
                       : fmt::format("{}://{}:{}", scheme, host, port);
}

Url Url::parse(const std::string& text) {
  check_scheme(text);
  const Handle url = new_handle();
  if (const CURLUcode code =
          curl_url_set(url.get(), CURLUPART_URL, text.c_str(), kStay);
      code != CURLUE_OK)
    refuse(text, curl_url_strerror(code));
  return taken_apart(url, text);
}

Url Url::resolve(const std::string& reference) const {
  check_scheme(reference);
  const Handle url = new_handle();
  if (curl_url_set(url.get(), CURLUPART_URL, str().c_str(), kStay) !=
      CURLUE_OK)
    refuse(str(), "it cannot be taken apart");
  if (const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL,
                                          reference.c_str(), kStay);
      code != CURLUE_OK)
    refuse(reference, curl_url_strerror(code));
  return taken_apart(url, reference);
}

std::string Url::shown() const {
  const std::string path = target.substr(0, target.find('?'));
  return origin.str() + path;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  const std::string text{host};
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1 &&
         (ntohl(address.s_addr) >> 24U) == 127;
}

std::string query_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') ||
                       (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                       c == '_' || c == '~';
    if (plain)
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace dockwright
