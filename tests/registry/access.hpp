#pragma once
// Who may do what, and the server that gives out tokens for it (distribution specification, "token
// authentication"): a client that is sent away with a challenge asks the realm for a token, as somebody or as
// nobody, and comes back with it.

#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "chapters/10-registry/server/http_message.hpp"

namespace lying {

enum class Scheme { none, basic, bearer };

struct AccessRules {
  Scheme scheme = Scheme::none;
  std::string user{};
  std::string password{};
  bool anonymous_pull = true;       ///< Bearer: nobody in particular may read.
  std::string realm{};              ///< Where tokens are had.
  std::string token_key = "token";  ///< Or `access_token`, as some servers have it.
  int expires_seconds = 60;
  bool refuse_tokens = false;  ///< Gives tokens, and then takes none.
};

class Access {
 public:
  explicit Access(AccessRules rules) : rules_{std::move(rules)} {}

  /// The 401 for a request that may not be; nothing when it may.
  [[nodiscard]] std::optional<dockwright::http::Response> refusal(const dockwright::http::Request& request,
                                                                  const std::string& repository);
  /// What the realm answers.
  [[nodiscard]] dockwright::http::Response give_token(const dockwright::http::Request& request);
  [[nodiscard]] const AccessRules& rules() const noexcept { return rules_; }

 private:
  [[nodiscard]] bool is_user(const dockwright::http::Request& request) const;
  AccessRules rules_;
  std::mutex mutex_{};
  std::map<std::string, std::set<std::string>> tokens_{};  ///< And what each is good for.
  std::mt19937_64 random_{std::random_device{}()};
};

/// What a client says for `user` with `password`: `Basic …`
[[nodiscard]] std::string basic(const std::string& user, const std::string& password);

/// An error as the distribution specification wants it.
[[nodiscard]] dockwright::http::Response error(int status, const std::string& code);

}  // namespace lying
