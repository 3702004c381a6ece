// `fetch`: one file of the web, for ADD (chapter 11). It goes to
// standard output, which the stage has opened; where that is a file, it
// gets the time that the server gives it.
//
// Nobody is told who we are: no credentials go along. Redirects are
// followed by the rules of registries, but that a file whose address
// the user wrote without TLS may be sent on without.

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <memory>
#include <thread>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/10-registry/client/commands.hpp"
#include "chapters/10-registry/client/http.hpp"
#include "common/check.hpp"
#include "common/digest.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

/// More is no file to add to an image.
constexpr std::uint64_t kMostBytes = 32ULL << 30U;

struct FetchOptions {
  std::vector<std::string> words{};
  std::string checksum{};
};

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 ||
         status == 307 || status == 308;
}

/// Standard output, from its begin.
class Body {
 public:
  Body()
      : file_{check_call("fcntl",
                         ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3),
                         "duplicate standard output")} {
    struct stat status {};
    is_file_ =
        ::fstat(file_.get(), &status) == 0 && S_ISREG(status.st_mode);
  }

  void write(std::string_view bytes) {
    bytes_ += bytes.size();
    if (bytes_ > kMostBytes)
      throw Failure{
          fmt::format("the file has more than {} bytes", kMostBytes)};
    hasher_.update(bytes);
    files::write_all(file_, bytes, "standard output");
  }
  [[nodiscard]] bool can_begin_anew() {
    if (bytes_ == 0) return true;
    if (!is_file_ || ::ftruncate(file_.get(), 0) == -1 ||
        ::lseek(file_.get(), 0, SEEK_SET) == -1)
      return false;
    bytes_ = 0;
    hasher_ = Hasher{};
    return true;
  }
  [[nodiscard]] Digest digest() { return hasher_.finish(); }

  /// `Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT`; without it, 1970:
  /// the same file is the same on every day.
  void set_time(const std::string& text) const {
    if (!is_file_) return;
    std::tm parts{};
    timespec time{};
    if (::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) !=
        nullptr)
      time.tv_sec = ::timegm(&parts);
    const std::array times = {time, time};
    check_call("utimensat", ::futimens(file_.get(), times.data()),
               "set the time of what was fetched");
  }

 private:
  UniqueFd file_;
  bool is_file_ = false;
  std::uint64_t bytes_ = 0;
  Hasher hasher_{};
};

Url follow(const Url& from, const std::string& location, int hop) {
  Trust trust;
  const Url next = from.resolve(location);
  if (from.origin.scheme == "http" && !is_loopback(next.origin.host))
    trust.insecure.push_back(next.origin.host);
  return follow_redirect(trust, from, location, hop);
}

HttpResponse get(Http& http, const Settings& settings, Url url,
                 Body& body) {
  for (int hop = 1;; ++hop) {
    HttpResponse response = http.send(
        {.url = url,
         .sink = [&](const HttpResponse& /*head*/,
                     std::string_view bytes) { body.write(bytes); }},
        {.authorities = tls_for(settings, url.origin).authorities});
    const std::string location = response.header("location");
    if (!is_redirect(response.status) || location.empty())
      return response;
    url = follow(url, location, hop);
  }
}

HttpResponse get_patiently(const Settings& settings, const Url& url,
                           Body& body) {
  Http http{settings.patience, {}};
  for (int attempt = 1;; ++attempt) {
    std::optional<Milliseconds> asked;
    try {
      HttpResponse response = get(http, settings, url, body);
      if (attempt >= settings.patience.attempts ||
          !is_worth_repeating(response.status))
        return response;
    } catch (const Stumble& stumble) {
      if (attempt >= settings.patience.attempts ||
          !body.can_begin_anew())
        throw;
      asked = stumble.asked();
    }
    std::this_thread::sleep_for(
        wait_before(settings.patience, attempt + 1, 0.5, asked));
  }
}

int fetch(const FetchOptions& options) {
  expect_words(options.words, 1, 1, "fetch URL");
  const Url url = Url::parse(options.words.front());
  std::optional<Digest> expected;
  if (!options.checksum.empty())
    expected = Digest::parse(options.checksum);
  const Settings settings = settings_of({});
  prepare_http();
  Body body;
  const HttpResponse response = get_patiently(settings, url, body);
  if (!response.ok())
    throw Failure{fmt::format("invalid response status {}: {}",
                              response.status, url.shown())};
  if (const Digest digest = body.digest();
      expected && digest != *expected)
    throw Failure{fmt::format("digest mismatch {}: {}", digest.str(),
                              expected->str())};
  body.set_time(response.header("last-modified"));
  return 0;
}

}  // namespace

cli::Command fetch_command() {
  return {.name = "fetch",
          .about = "Fetch a file of the web, for ADD",
          .chapter = 11,
          .declare = [](cli::Options& options) -> std::function<int()> {
            auto target = std::make_shared<FetchOptions>();
            options.words(target->words, "URL", "Where it is");
            options.value("--checksum", target->checksum, "DIGEST",
                          "What it must be: sha256:…");
            return [target] { return fetch(*target); };
          }};
}

}  // namespace dockwright
