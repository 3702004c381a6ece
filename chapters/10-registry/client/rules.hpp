#pragma once
// Whom a client trusts, and with what. Each rule here was broken once,
// by a client that let its library follow redirects or believed what a
// registry said (containerd CVE-2020-15157, go-containerregistry).
//
//  * Credentials belong to an origin: scheme, host and port.
//  * A redirect never leads from https to http, and no chain of them
//    has more than five.
//  * Without TLS one speaks only to this machine, or to a registry that
//    the user named.
//  * Who keeps the tokens of a registry is asked over TLS; the user's
//    name and password go only to the registry's own host, or to one
//    that is known to keep its tokens.

#include <string>
#include <string_view>
#include <vector>

#include "chapters/10-registry/client/url.hpp"

namespace dockwright {

constexpr int kMostRedirects = 5;

/// What the user allowed beyond the rules.
struct Trust {
  /// Registries that are spoken to without TLS, or whose certificate is
  /// not looked at: `HOST[:PORT]`.
  std::vector<std::string> insecure{};
  /// Hosts that may be sent a password for tokens of another host.
  std::vector<std::string> token_realms{};

  /// Whether the user named this host, with or without its port.
  [[nodiscard]] bool is_insecure(const Origin& origin) const;
};

/// Where a redirect leads from `from`; `hop` counts from 1.
/// @throws Failure when it leads where we do not go
[[nodiscard]] Url follow_redirect(const Trust& trust, const Url& from,
                                  const std::string& location, int hop);

/// The address that a registry's challenge names for its tokens.
/// `with_password`: credentials of the user are going to be sent there.
/// @throws Failure when it may not be asked
[[nodiscard]] Url check_realm(const Trust& trust,
                              const Origin& registry,
                              const std::string& realm,
                              bool with_password);

}  // namespace dockwright
