#pragma once
// A conversation with one registry. It knows where the registry is and
// who the user is there, gives each request its authorization, follows
// redirects by the rules (rules.hpp) and tries again what stumbled.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "chapters/10-registry/client/authorizer.hpp"
#include "chapters/10-registry/client/http.hpp"
#include "chapters/10-registry/client/settings.hpp"

namespace dockwright {

/// A registry that answered: what all connections to it share.
class Session {
 public:
  Session(Settings settings, Origin origin,
          std::optional<Credentials> credentials)
      : settings_{std::move(settings)},
        origin_{std::move(origin)},
        authorizer_{settings_.trust, origin_, std::move(credentials)} {}
  Session(Session&&) = delete;

  [[nodiscard]] const Settings& settings() const noexcept {
    return settings_;
  }
  [[nodiscard]] const Origin& origin() const noexcept {
    return origin_;
  }
  [[nodiscard]] Authorizer& authorizer() noexcept {
    return authorizer_;
  }

 private:
  Settings settings_;
  Origin origin_;
  Authorizer authorizer_;
};

/// A request to a registry, as far as the registry matters.
struct RegistryRequest {
  HttpRequest http{};
  Scopes scopes{};
  /// For an address that a manifest names: nobody there is to learn who
  /// we are.
  bool anonymous = false;
};

/// One thread's connection to a registry.
class Connection {
 public:
  using Waiting = std::function<void(Milliseconds)>;

  explicit Connection(Session& session, std::stop_token stop = {},
                      Waiting waiting = {});

  [[nodiscard]] Session& session() noexcept { return session_; }
  /// The address of `path` at this registry: `/v2/…`.
  [[nodiscard]] Url at(const std::string& path) const {
    return {.origin = session_.origin(), .target = path};
  }

  /// Sends it, again and again while the answer is a stumble. @throws
  /// Failure where nothing came but stumbles
  HttpResponse send(const RegistryRequest& request);
  /// Sends it once: for a transfer, which goes on where it broke off.
  /// @throws Stumble when it is worth trying again
  HttpResponse send_once(const RegistryRequest& request);

  /// Runs `body` until it does not stumble, and waits in between.
  template <typename Body>
  auto persist(const Body& body) {
    for (int attempt = 1;; ++attempt) {
      try {
        return body();
      } catch (const Stumble& stumble) {
        if (stumble.moved()) attempt = 1;
        before_next(attempt, stumble);
      }
    }
  }

 private:
  HttpResponse ask(const HttpRequest& request);
  HttpResponse exchange(HttpRequest request, bool& own);
  void before_next(int attempt, const Stumble& stumble);

  Session& session_;
  std::stop_token stop_;
  Waiting waiting_;
  Http http_;
};

/// Finds the registry: over TLS, and without only where that may be.
/// `registry` is as a reference names it, or a mirror's URL. @throws
/// Failure when it does not answer as a registry does
[[nodiscard]] std::unique_ptr<Session> open_session(
    const Settings& settings, const std::string& registry,
    std::optional<Credentials> credentials);

/// `{status} {what it means}`, and the registry's own words.
[[nodiscard]] std::string words_of(const HttpResponse& response);

}  // namespace dockwright
