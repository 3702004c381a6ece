#include "chapters/10-registry/client/authorizer.hpp"

#include <algorithm>
#include <cstdint>

#include "chapters/10-registry/client/base64.hpp"
#include "chapters/10-registry/client/secret.hpp"
#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/json.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLongestToken = 64U << 10;
constexpr std::chrono::seconds kMargin{10};

/// Whether it can stand in a header: no space, no line of its own.
bool is_header_word(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7f; });
}

const Challenge* find(const std::vector<Challenge>& all,
                      std::string_view scheme) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Challenge& challenge) {
                                    return challenge.scheme == scheme;
                                  });
  return found == all.end() ? nullptr : &*found;
}

std::string basic(const Credentials& credentials) {
  return "Basic " +
         to_base64(credentials.user + ':' + credentials.password);
}

}  // namespace

Token parse_token(const std::string& name, std::string_view text) {
  const JsonDocument document =
      read_secret(name, text, {.bytes = 1U << 20, .depth = 16});
  const JsonNode root = document.root();
  Token token{.value = root.text_of("token"),
              .refresh = root.text_of("refresh_token")};
  if (token.value.empty()) token.value = root.text_of("access_token");
  if (!is_header_word(token.value) ||
      token.value.size() > kLongestToken)
    throw Failure{fmt::format("{}: there is no token in it", name)};
  if (const auto seconds = root.find("expires_in"))
    token.valid_for = std::chrono::seconds{
        std::clamp<std::int64_t>(seconds->integer(), 60, 86'400)};
  return token;
}

Authorizer::Authorizer(Trust trust, Origin registry,
                       std::optional<Credentials> credentials)
    : trust_{std::move(trust)},
      registry_{std::move(registry)},
      credentials_{std::move(credentials)} {}

std::string Authorizer::given(const Scopes& scopes) const {
  if (!basic_.empty()) return basic_;
  const auto found = tokens_.find(scopes);
  if (found == tokens_.end()) return {};
  const bool fresh =
      std::chrono::steady_clock::now() < found->second.until;
  return fresh ? found->second.value : std::string{};
}

std::string Authorizer::value(const Scopes& scopes) const {
  const std::lock_guard lock{mutex_};
  return given(scopes);
}

std::string Authorizer::refresh_token() const {
  const std::lock_guard lock{mutex_};
  return refresh_;
}

bool Authorizer::answer(const HttpResponse& response,
                        const Scopes& scopes, const std::string& sent,
                        const Send& send) {
  const std::lock_guard lock{mutex_};
  // Another thread may have been faster.
  if (const std::string now = given(scopes);
      !now.empty() && now != sent)
    return true;
  const auto challenges =
      parse_challenges(response.header("www-authenticate"));
  if (const Challenge* const bearer = find(challenges, "bearer"))
    return give_token(*bearer, scopes, sent, send);
  if (find(challenges, "basic") != nullptr) return give_basic(sent);
  throw Failure{fmt::format(
      "{} does not say how to log in (no Basic, no Bearer in {:?})",
      registry_.str(), response.header("www-authenticate"))};
}

bool Authorizer::give_basic(const std::string& sent) {
  if (!credentials_ || credentials_->user.empty()) return false;
  std::string mine = basic(*credentials_);
  if (mine == sent) return false;  // it was refused
  basic_ = std::move(mine);
  return true;
}

bool Authorizer::give_token(const Challenge& challenge,
                            const Scopes& scopes,
                            const std::string& sent, const Send& send) {
  because("the registry wants a token for this");
  const HttpRequest request = token_request(challenge, scopes);
  const HttpResponse response = send(request);
  const std::string name = request.url.shown();
  if (response.status == 401 || response.status == 403) return false;
  if (!response.ok())
    throw Failure{fmt::format("{} gives no token: it answers {}", name,
                              response.status)};
  const Token token = parse_token(name, response.body);
  std::string value = "Bearer " + token.value;
  if (value == sent) return false;
  if (!token.refresh.empty()) refresh_ = token.refresh;
  tokens_[scopes] = {.value = std::move(value),
                     .until = std::chrono::steady_clock::now() +
                              token.valid_for - kMargin};
  return true;
}

HttpRequest Authorizer::token_request(const Challenge& challenge,
                                      const Scopes& scopes) const {
  HttpRequest request{.url = check_realm(trust_, registry_,
                                         challenge.parameter("realm"),
                                         credentials_.has_value()),
                      .most_bytes = 1U << 20};
  std::string query =
      "service=" + query_escaped(challenge.parameter("service"));
  Scopes wanted = scopes;
  if (wanted.empty() && !challenge.parameter("scope").empty())
    wanted = {challenge.parameter("scope")};
  const bool by_token =
      credentials_ && !credentials_->identity_token.empty();
  if (by_token) {  // OAuth2: all scopes in one
    std::string all;
    for (const std::string& scope : wanted)
      all += (all.empty() ? "" : " ") + scope;
    request.method = "POST";
    request.headers = {
        "Content-Type: application/x-www-form-urlencoded"};
    request.body = Upload::of(
        query +
        "&grant_type=refresh_token&client_id=dockwright&scope=" +
        query_escaped(all) + "&refresh_token=" +
        query_escaped(credentials_->identity_token));
    return request;
  }
  for (const std::string& scope : wanted)
    query += "&scope=" + query_escaped(scope);
  if (credentials_) {
    query += "&account=" + query_escaped(credentials_->user);
    if (wants_refresh_)
      query += "&offline_token=true&client_id=dockwright";
    request.authorization = basic(*credentials_);
  }
  const bool has_query =
      request.url.target.find('?') != std::string::npos;
  request.url.target += (has_query ? '&' : '?') + query;
  return request;
}

}  // namespace dockwright
