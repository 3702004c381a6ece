#include "chapters/10-registry/client/session.hpp"

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <random>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/json.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kMostWords = 400;

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 ||
         status == 307 || status == 308;
}

std::string reason_of(long status) {
  switch (status) {
    case 401:
      return "401 Unauthorized";
    case 403:
      return "403 Forbidden";
    case 404:
      return "404 Not Found";
    case 429:
      return "429 Too Many Requests";
    case 500:
      return "500 Internal Server Error";
    case 503:
      return "503 Service Unavailable";
    default:
      return std::to_string(status);
  }
}

/// What the body of a failure says, where it speaks as the
/// specification wants it.
std::string errors_in(const std::string& body) {
  try {
    const JsonDocument document{
        "errors", body, {.bytes = 64U << 10, .depth = 16}};
    std::string all;
    const auto errors = document.root().find("errors");
    if (!errors) return {};
    for (const JsonNode& error : errors->items()) {
      if (!all.empty()) all += "; ";
      all += error.text_of("code") + ": " + error.text_of("message");
    }
    return all.substr(0, kMostWords);
  } catch (const Failure&) {
    return {};  // a page for people: the status says enough
  }
}

double chance() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(random);
}

}  // namespace

std::string words_of(const HttpResponse& response) {
  const std::string said = errors_in(response.body);
  return terminal::without_controls(
      said.empty() ? reason_of(response.status)
                   : reason_of(response.status) + " (" + said + ')');
}

Connection::Connection(Session& session, std::stop_token stop,
                       Waiting waiting)
    : session_{session},
      stop_{stop},
      waiting_{std::move(waiting)},
      http_{session.settings().patience, std::move(stop)} {}

/// The registry has answered before: one that does not now may be back
/// in a moment.
HttpResponse Connection::ask(const HttpRequest& request) {
  try {
    return http_.send(request,
                      tls_for(session_.settings(), request.url.origin));
  } catch (const NoAnswer& failure) {
    throw Stumble{failure.what()};
  }
}

/// Sends a request and follows where it is sent on to. `own` tells
/// whether whoever is asked is still the one whom the authorization is
/// for: it goes with nobody else, also not on the way back.
HttpResponse Connection::exchange(HttpRequest request, bool& own) {
  const Settings& settings = session_.settings();
  for (int hop = 1;; ++hop) {
    HttpResponse response = ask(request);
    const std::string location = response.header("location");
    if (!is_redirect(response.status) || location.empty())
      return response;
    if (request.method != "GET" && request.method != "HEAD")
      throw Failure{fmt::format(
          "{} {} is redirected, which is not done with what is sent",
          request.method, request.url.shown())};
    Url next =
        follow_redirect(settings.trust, request.url, location, hop);
    //! [ex10.2]
    if (next.origin != request.url.origin) {
      own = false;
      request.authorization.clear();
    }
    //! [ex10.2]
    request.url = std::move(next);
  }
}

HttpResponse Connection::send_once(const RegistryRequest& request) {
  Authorizer& authorizer = session_.authorizer();
  const bool ours = !request.anonymous &&
                    request.http.url.origin == session_.origin();
  HttpRequest http = request.http;
  for (int attempt = 1;; ++attempt) {
    bool own = ours;
    if (ours) http.authorization = authorizer.value(request.scopes);
    HttpResponse response = exchange(http, own);
    if (is_worth_repeating(response.status))
      throw Stumble{fmt::format("{} {}: {}", http.method,
                                http.url.shown(), words_of(response)),
                    parse_retry_after(response.header("retry-after"),
                                      std::time(nullptr))};
    if (response.status != 401 || !own || attempt > 2) return response;
    const auto fetch = [&](const HttpRequest& token) {
      bool to_realm = true;
      HttpResponse answer = exchange(token, to_realm);
      if (is_worth_repeating(answer.status))
        throw Stumble{fmt::format("{} {}: {}", token.method,
                                  token.url.shown(), words_of(answer)),
                      parse_retry_after(answer.header("retry-after"),
                                        std::time(nullptr))};
      return answer;
    };
    if (!authorizer.answer(response, request.scopes, http.authorization,
                           fetch))
      return response;
  }
}

HttpResponse Connection::send(const RegistryRequest& request) {
  return persist([&] { return send_once(request); });
}

void Connection::before_next(int attempt, const Stumble& stumble) {
  const Patience& patience = session_.settings().patience;
  if (attempt >= patience.attempts)
    throw Failure{fmt::format("{} (tried {} times)", stumble.what(),
                              patience.attempts)};
  if (stumble.asked() && *stumble.asked() > patience.longest_asked)
    throw Failure{fmt::format("{} (it wants to be left alone for {} s)",
                              stumble.what(),
                              stumble.asked()->count() / 1000)};
  const Milliseconds wait =
      wait_before(patience, attempt + 1, chance(), stumble.asked());
  if (waiting_) waiting_(wait);
  std::mutex mutex;
  std::unique_lock lock{mutex};
  std::condition_variable_any stopped;
  stopped.wait_for(lock, stop_, wait, [] { return false; });
  if (stop_.stop_requested()) throw Stopped{};
}

namespace {

/// The host of Docker Hub, which is not called as its images are.
std::string host_of(const std::string& registry) {
  return registry == "docker.io" ? "registry-1.docker.io" : registry;
}

/// Where a registry may be found, the best first.
std::vector<Origin> origins_of(const Trust& trust,
                               const std::string& registry) {
  if (registry.find("://") != std::string::npos) {
    const Url url = Url::parse(registry);
    if (url.origin.scheme == "http" && !is_loopback(url.origin.host) &&
        !trust.is_insecure(url.origin))
      throw Failure{fmt::format(
          "{} is neither TLS nor this machine; add it to "
          "insecure-registries of registries.json if it must be",
          url.origin.str())};
    return {url.origin};
  }
  const std::string host = host_of(registry);
  const Origin safe = Url::parse("https://" + host + '/').origin;
  std::vector<Origin> all = {safe};
  const Origin plain = Url::parse("http://" + host + '/').origin;
  if (is_loopback(safe.host) || trust.is_insecure(safe) ||
      trust.is_insecure(plain))
    all.push_back(plain);
  return all;
}

std::unique_ptr<Session> try_session(
    const Settings& settings, const Origin& origin,
    const std::optional<Credentials>& credentials) {
  auto session =
      std::make_unique<Session>(settings, origin, credentials);
  Connection connection{*session};
  because("is there a registry, and does it speak version 2?");
  const HttpResponse response = connection.persist([&] {
    HttpResponse answer = Http{settings.patience, {}}.send(
        {.url = connection.at("/v2/")}, tls_for(settings, origin));
    if (is_worth_repeating(answer.status))
      throw Stumble{
          fmt::format("{} answers {}", origin.str(), words_of(answer))};
    return answer;
  });
  if (response.status != 401 && !response.ok() &&
      !is_redirect(response.status))
    throw Failure{fmt::format(
        "{} is no registry of version 2: it answers {} to /v2/",
        origin.str(), words_of(response))};
  return session;
}

}  // namespace

std::unique_ptr<Session> open_session(
    const Settings& given, const std::string& registry,
    std::optional<Credentials> credentials) {
  Settings settings = given;
  if (!settings.tls_verify)
    settings.trust.insecure.push_back(host_of(registry));
  const auto origins = origins_of(settings.trust, registry);
  for (std::size_t i = 0;; ++i) {
    try {
      return try_session(settings, origins[i], credentials);
    } catch (const NoAnswer&) {
      if (i + 1 == origins.size()) throw;
    }
  }
}

}  // namespace dockwright
