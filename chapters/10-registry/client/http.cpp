#include "chapters/10-registry/client/http.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <exception>

#include "chapters/10-registry/client/transfer.hpp"
#include "common/explain.hpp"

namespace dockwright {

namespace {

/// What libcurl calls a header of more than 100 kB since 8.6; before,
/// it was out of memory.
constexpr int kTooLarge = 100;

/// How libcurl's words for a failure become ours, and what may be
/// tried again.
[[noreturn]] void tell(CURLcode code, const char* words,
                       const HttpRequest& request,
                       const Patience& patience, bool connected) {
  const std::string what =
      fmt::format("{} {}: {}", request.method, request.url.shown(),
                  *words != '\0' ? words : curl_easy_strerror(code));
  if (code == CURLE_OUT_OF_MEMORY || code == kTooLarge)
    throw Failure{
        fmt::format("{} {}: more headers than are read, or one that "
                    "is too long",
                    request.method, request.url.shown())};
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_SSL_CONNECT_ERROR:
      throw NoAnswer{what};
    case CURLE_OPERATION_TIMEDOUT:
      if (!connected) throw NoAnswer{what};
      throw Stumble{fmt::format(
          "{} (fewer than {} bytes a second for {} s is too slow)",
          what, patience.slowest_bytes, patience.slow_for.count())};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      throw Stumble{what};
    case CURLE_PEER_FAILED_VERIFICATION:
      throw Failure{
          what,
          Advice{.cause =
                     "the server's certificate is not signed by an "
                     "authority that this machine knows, or it is "
                     "for another name",
                 .cure = fmt::format(
                     "put the authority's certificate into "
                     "/etc/docker/certs.d/{}:{}/ca.crt; for a trial, "
                     "--tls-verify=false",
                     request.url.origin.host, request.url.origin.port),
                 .chapter = 10,
                 .anchor = "ch10-fails"}};
    default:
      throw Failure{what};
  }
}

/// `request` as --explain tells it, without what is secret in it.
void explain_request(const HttpRequest& request) {
  narrate("sendto", [&] {
    std::string shell = "curl";
    if (request.method == "HEAD")
      shell += " --head";
    else if (request.method != "GET")
      shell += fmt::format(" -X {}", request.method);
    for (const std::string& header : request.headers)
      shell += " -H " + explain::shell_word(header);
    if (!request.authorization.empty())
      shell += fmt::format(" -H \"Authorization: {} $TOKEN\"",
                           request.authorization.substr(
                               0, request.authorization.find(' ')));
    return explain::Call{
        fmt::format("{} {}", request.method, request.url.shown()),
        shell + ' ' + explain::shell_word(request.url.shown())};
  });
}

class Headers {
 public:
  Headers() = default;
  Headers(Headers&&) = delete;
  ~Headers() { curl_slist_free_all(list_); }
  void add(const std::string& line) {
    curl_slist* const longer = curl_slist_append(list_, line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    list_ = longer;
  }
  [[nodiscard]] curl_slist* get() const noexcept { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

}  // namespace

struct Http::Handle {
  CURL* curl = curl_easy_init();
  char words[CURL_ERROR_SIZE] = {};
  Handle() {
    if (curl == nullptr) throw std::bad_alloc{};
  }
  Handle(Handle&&) = delete;
  ~Handle() { curl_easy_cleanup(curl); }

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(curl, option, value);
        code != CURLE_OK)
      throw Failure{fmt::format("prepare a request: {}",
                                curl_easy_strerror(code))};
  }
  /// Whether the last request got so far that it could be sent.
  [[nodiscard]] bool was_connected() const {
    curl_off_t microseconds = 0;
    return curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T,
                             &microseconds) == CURLE_OK &&
           microseconds > 0;
  }
  void set_manners(const Patience& patience);
  void set_tls(const Tls& tls);
  void set_method(const HttpRequest& request);
  void set_callbacks(Transfer& transfer);
};

void Http::Handle::set_manners(const Patience& patience) {
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);  // the rules are ours
  set(CURLOPT_NOSIGNAL, 1L);        // there are threads
  set(CURLOPT_USERAGENT, "dockwright/" DOCKWRIGHT_VERSION);
  set(CURLOPT_LOW_SPEED_LIMIT, patience.slowest_bytes);
  set(CURLOPT_LOW_SPEED_TIME,
      static_cast<long>(patience.slow_for.count()));
  set(CURLOPT_CONNECTTIMEOUT,
      static_cast<long>(patience.connect_for.count()));
  set(CURLOPT_BUFFERSIZE, 512L * 1024);
  set(CURLOPT_UPLOAD_BUFFERSIZE, 1024L * 1024);
  set(CURLOPT_ERRORBUFFER, words);
}

void Http::Handle::set_tls(const Tls& tls) {
  set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  if (!tls.authorities.empty()) {
    // The system's own come from its directory, beside these.
    curl_blob blob{const_cast<char*>(tls.authorities.data()),
                   tls.authorities.size(), CURL_BLOB_COPY};
    set(CURLOPT_CAINFO_BLOB, &blob);
  }
  if (!tls.certificate.empty()) {
    set(CURLOPT_SSLCERT, tls.certificate.c_str());
    set(CURLOPT_SSLKEY, tls.key.c_str());
  }
}

void Http::Handle::set_method(const HttpRequest& request) {
  if (request.method == "HEAD") return set(CURLOPT_NOBODY, 1L);
  if (request.method == "GET") return set(CURLOPT_HTTPGET, 1L);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_CUSTOMREQUEST, std::string{request.method}.c_str());
  set(CURLOPT_INFILESIZE_LARGE,
      static_cast<curl_off_t>(request.body ? request.body->size : 0));
}

void Http::Handle::set_callbacks(Transfer& transfer) {
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, &transfer);
  set(CURLOPT_READFUNCTION, &Transfer::on_read);
  set(CURLOPT_READDATA, &transfer);
  set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
  set(CURLOPT_SEEKDATA, &transfer);
  set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
  set(CURLOPT_XFERINFODATA, &transfer);
  set(CURLOPT_NOPROGRESS, 0L);
}

Http::Http(const Patience& patience, std::stop_token stop)
    : patience_{patience},
      stop_{std::move(stop)},
      handle_{std::make_unique<Handle>()} {}

Http::~Http() = default;

HttpResponse Http::send(const HttpRequest& request, const Tls& tls) {
  explain_request(request);
  if (stop_.stop_requested()) throw Stopped{};
  curl_easy_reset(handle_->curl);  // its connections stay
  handle_->words[0] = '\0';
  handle_->set_manners(patience_);
  handle_->set_tls(tls);
  handle_->set_method(request);
  Transfer transfer{request, stop_};
  handle_->set_callbacks(transfer);
  handle_->set(CURLOPT_URL, request.url.str().c_str());
  if (is_loopback(request.url.origin.host))
    handle_->set(CURLOPT_NOPROXY, "*");
  Headers headers;
  for (const std::string& header : request.headers) headers.add(header);
  headers.add("Expect:");  // no round trip before a body
  if (!request.authorization.empty())
    headers.add("Authorization: " + request.authorization);
  handle_->set(CURLOPT_HTTPHEADER, headers.get());
  const CURLcode code = curl_easy_perform(handle_->curl);
  transfer.rethrow();
  if (code != CURLE_OK)
    tell(code, handle_->words, request, patience_,
         handle_->was_connected());
  return transfer.take();
}

std::string HttpResponse::header(std::string_view name) const {
  std::string all;
  for (const auto& [key, value] : headers) {
    if (key != name) continue;
    if (!all.empty()) all += ", ";
    all += value;
  }
  return all;
}

Upload Upload::of(std::string bytes) {
  const std::uint64_t size = bytes.size();
  return {.size = size,
          .read = [kept = std::move(bytes)](std::uint64_t offset,
                                            std::span<char> into) {
            const std::size_t from =
                std::min<std::size_t>(offset, kept.size());
            const std::size_t count =
                std::min(kept.size() - from, into.size());
            std::memcpy(into.data(), kept.data() + from, count);
            return count;
          }};
}

void prepare_http() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    throw Failure{"libcurl cannot be prepared"};
}

}  // namespace dockwright
