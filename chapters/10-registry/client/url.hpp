#pragma once
// Where a request goes. A URL that a server names, in a redirect or in
// a challenge, is a stranger's text: it is taken apart once, here, and
// nothing but http and https comes out.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace dockwright {

/// To whom one speaks. Credentials belong to an origin: whoever sends
/// them to another one gives them away.
struct Origin {
  std::string scheme = "https";
  std::string host{};  ///< In small letters; an IPv6 address in [ ].
  unsigned port = 443;
  auto operator<=>(const Origin&) const = default;
  /// `https://localhost:5000`; a port that goes without saying is left
  /// out.
  [[nodiscard]] std::string str() const;
};

/// An address of http or https, without a user's name and without a
/// fragment.
struct Url {
  Origin origin{};
  std::string target = "/";  ///< Path and query.

  /// @throws Failure for other schemes, for a name or password in it,
  /// and for what is no URL
  [[nodiscard]] static Url parse(const std::string& text);
  /// What `reference`, which may be relative, means to who stands here.
  [[nodiscard]] Url resolve(const std::string& reference) const;
  [[nodiscard]] std::string str() const {
    return origin.str() + target;
  }
  /// Without the query, which may hold a signature: for messages.
  [[nodiscard]] std::string shown() const;
  bool operator==(const Url&) const = default;
};

/// Whether a host is this very machine: `localhost`, 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback(std::string_view host);

/// `text` as a part of a query.
[[nodiscard]] std::string query_escaped(std::string_view text);

}  // namespace dockwright
