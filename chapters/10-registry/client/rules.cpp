#include "chapters/10-registry/client/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/check.hpp"

namespace dockwright {

namespace {

/// Well-known registries whose tokens another host gives.
struct Keeper {
  std::string_view registry;
  std::string_view realm;
};
constexpr std::array kKeepers = std::to_array<Keeper>({
    {"registry-1.docker.io", "auth.docker.io"},
    {"registry.gitlab.com", "gitlab.com"},
});

bool names(const std::vector<std::string>& hosts,
           const Origin& origin) {
  const std::string with_port =
      fmt::format("{}:{}", origin.host, origin.port);
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const std::string& host) {
                       return host == origin.host || host == with_port;
                     });
}

/// Whether two origins are one host's. This machine's ports belong to
/// whoever took them first, and so to several users.
bool is_one_host(const Origin& one, const Origin& other) {
  return one.host == other.host &&
         (one.port == other.port || !is_loopback(one.host));
}

/// Whether one may speak to `there` without TLS, sent from `here`. Only
/// who is on this machine may send us elsewhere on it: a stranger could
/// else make us talk to a service that trusts whoever is local.
bool may_be_plain(const Trust& trust, const Origin& here,
                  const Origin& there) {
  return trust.is_insecure(there) ||
         (is_loopback(there.host) && is_loopback(here.host));
}

}  // namespace

bool Trust::is_insecure(const Origin& origin) const {
  return names(insecure, origin);
}

//! [redirect]
Url follow_redirect(const Trust& trust, const Url& from,
                    const std::string& location, int hop) {
  if (hop > kMostRedirects)
    throw Failure{
        fmt::format("{} redirects once more, after {} redirects",
                    from.shown(), kMostRedirects)};
  Url next = from.resolve(location);
  if (next.origin.scheme == "http") {
    if (from.origin.scheme == "https")
      throw Failure{fmt::format(
          "{} redirects to {}: from TLS to none, which is refused",
          from.shown(), next.shown())};
    if (!may_be_plain(trust, from.origin, next.origin))
      throw Failure{
          fmt::format("{} redirects to {}, which is neither TLS nor "
                      "this machine",
                      from.shown(), next.shown())};
  }
  return next;
}
//! [redirect]

//! [realm]
Url check_realm(const Trust& trust, const Origin& registry,
                const std::string& realm, bool with_password) {
  Url url = Url::parse(realm);
  if (url.origin.scheme != "https" &&
      (registry.scheme == "https" ||
       !may_be_plain(trust, registry, url.origin)))
    throw Failure{
        fmt::format("{} wants its tokens fetched from {}, which is not "
                    "TLS",
                    registry.str(), url.shown())};
  const bool known = std::any_of(
      kKeepers.begin(), kKeepers.end(), [&](const Keeper& keeper) {
        return keeper.registry == registry.host &&
               keeper.realm == url.origin.host;
      });
  if (with_password && !known && !is_one_host(url.origin, registry) &&
      !names(trust.token_realms, url.origin))
    throw Failure{
        fmt::format("{} wants your password sent to another host, {}",
                    registry.str(), url.origin.str()),
        Advice{.cause = "a registry that was broken into, or one whose "
                        "tokens another host keeps",
               .cure = fmt::format(
                   "if you know that host, add {:?} to the list "
                   "token-realms of registries.json",
                   url.origin.host),
               .chapter = 10,
               .anchor = "ch10-fails"}};
  return url;
}
//! [realm]

}  // namespace dockwright
