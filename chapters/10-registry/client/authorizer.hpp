#pragma once
// Who we are, in the words that a registry wants. It says so by a
// challenge (401): Basic, where name and password go with each request,
// or Bearer, where a token server gives a token for some minutes and
// for some repositories:
//
//     us                     registry               token server
//      | -- GET /v2/… -------> |                         |
//      | <-- 401, realm, … --- |                         |
//      | -- GET realm?scope=… (name and password) -----> |
//      | <-- {"token": "eyJ…", "expires_in": 300} ------ |
//      | -- GET /v2/… -------> |   Authorization: Bearer eyJ…
//
// One for each registry, used by all threads.

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "chapters/10-registry/client/challenge.hpp"
#include "chapters/10-registry/client/docker_config.hpp"
#include "chapters/10-registry/client/http.hpp"
#include "chapters/10-registry/client/rules.hpp"

namespace dockwright {

/// What one wants to do where: `repository:library/flask:pull`. Empty:
/// what the registry names itself.
using Scopes = std::vector<std::string>;

/// What a token server gave.
struct Token {
  std::string value{};
  std::string refresh{};  ///< To be kept instead of a password.
  std::chrono::seconds valid_for{60};
};

/// Reads its answer: `token` or `access_token`. @throws Failure
[[nodiscard]] Token parse_token(const std::string& name,
                                std::string_view text);

class Authorizer {
 public:
  /// Sends a request and follows its redirects.
  using Send = std::function<HttpResponse(const HttpRequest&)>;

  Authorizer(Trust trust, Origin registry,
             std::optional<Credentials> credentials);

  /// What stands in `Authorization:` for these scopes, as far as the
  /// registry has asked for it. Empty: nothing yet.
  [[nodiscard]] std::string value(const Scopes& scopes) const;
  /// Answers a 401 to a request that was sent with `sent`. False: there
  /// is no better answer than the one that was refused.
  bool answer(const HttpResponse& response, const Scopes& scopes,
              const std::string& sent, const Send& send);

  [[nodiscard]] bool knows_user() const noexcept {
    return credentials_.has_value();
  }
  /// From here on a token server is asked for something to keep instead
  /// of the password.
  void ask_for_refresh_token() { wants_refresh_ = true; }
  /// What it gave; empty if it gave none.
  [[nodiscard]] std::string refresh_token() const;

 private:
  struct Given {
    std::string value{};
    std::chrono::steady_clock::time_point until{};
  };
  [[nodiscard]] std::string given(const Scopes& scopes) const;
  bool give_basic(const std::string& sent);
  bool give_token(const Challenge& challenge, const Scopes& scopes,
                  const std::string& sent, const Send& send);
  [[nodiscard]] HttpRequest token_request(const Challenge& challenge,
                                          const Scopes& scopes) const;

  Trust trust_;
  Origin registry_;
  std::optional<Credentials> credentials_;
  mutable std::mutex mutex_{};
  std::string basic_{};
  std::map<Scopes, Given> tokens_{};
  std::string refresh_{};
  bool wants_refresh_ = false;
};

}  // namespace dockwright
