#pragma once
// One request, one answer, by libcurl. It sends what it is told and no
// more: it follows no redirect, keeps no cookie, reads no ~/.netrc, and
// speaks http and https alone. What is to be believed of an answer is
// for others to say (session.hpp).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/10-registry/client/patience.hpp"
#include "chapters/10-registry/client/url.hpp"
#include "common/check.hpp"

namespace dockwright {

/// Something that may go well when it is tried again.
class Stumble : public Failure {
 public:
  explicit Stumble(const std::string& message,
                   std::optional<Milliseconds> asked = std::nullopt)
      : Failure{message}, asked_{asked} {}
  /// One after which we are further on than before: patience begins
  /// anew.
  struct Moved {};
  Stumble(const std::string& message, std::optional<Milliseconds> asked,
          Moved /*moved*/)
      : Failure{message}, asked_{asked}, moved_{true} {}
  [[nodiscard]] bool moved() const noexcept { return moved_; }
  /// How long the server wants us to wait.
  [[nodiscard]] std::optional<Milliseconds> asked() const noexcept {
    return asked_;
  }

 private:
  std::optional<Milliseconds> asked_;
  bool moved_ = false;
};

/// Nobody answered, or not in TLS: an address where another scheme may
/// work.
class NoAnswer : public Failure {
  using Failure::Failure;
};

/// The user, or another thread that failed, has stopped us.
class Stopped : public Failure {
 public:
  Stopped() : Failure{"stopped"} {}
};

/// How TLS is spoken to one host.
struct Tls {
  bool verify = true;
  std::string authorities{};  ///< Beside the system's, as PEM.
  std::string certificate{};  ///< Ours, as a file of PEM …
  std::string key{};          ///< … and its key.
};

/// What is sent along. It can be read again from any place, for a
/// request may have to be sent again.
struct Upload {
  std::uint64_t size = 0;
  /// Copies bytes from `offset` on into `into`, and says how many.
  std::function<std::size_t(std::uint64_t offset, std::span<char> into)>
      read{};
  /// These bytes.
  [[nodiscard]] static Upload of(std::string bytes);
};

/// The answer. Names of headers are in small letters.
struct HttpResponse {
  long status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};  ///< Of a failure at most 64 KiB.

  /// A header's value; all of them, a comma between, where it came
  /// several times. Empty: it did not.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] bool ok() const noexcept {
    return status >= 200 && status < 300;
  }
};

struct HttpRequest {
  std::string_view method = "GET";
  Url url{};
  std::vector<std::string> headers{};  ///< `Accept: …`
  std::string authorization{};         ///< The value of that header.
  std::optional<Upload> body{};
  /// Takes the body of a 2xx as it comes; the answer's head has come by
  /// then. Without one the body is kept.
  std::function<void(const HttpResponse& head, std::string_view bytes)>
      sink{};
  std::uint64_t most_bytes = 4U << 20;  ///< Of the body, if it is kept.
};

/// Connections to servers, kept open from one request to the next. For
/// one thread.
class Http {
 public:
  Http(const Patience& patience, std::stop_token stop);
  ~Http();
  Http(Http&&) = delete;

  /// @throws Stumble, NoAnswer, Stopped or Failure where no answer came;
  /// an answer that says no is an answer
  HttpResponse send(const HttpRequest& request, const Tls& tls);

 private:
  struct Handle;
  Patience patience_;
  std::stop_token stop_;
  std::unique_ptr<Handle> handle_;
};

/// Before the first thread: libcurl wants it so.
void prepare_http();

}  // namespace dockwright
