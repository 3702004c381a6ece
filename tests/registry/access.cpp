#include "tests/registry/access.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <sstream>

using namespace dockwright;

namespace lying {

namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text += i + j <= bytes.size() ? kLetters[group >> (18 - 6 * j) & 63U] : '=';
  }
  return text;
}

/// `repository:a/b:pull,push` as the single permissions `a/b pull` and `a/b push`.
std::set<std::string> permissions(const std::string& scope) {
  constexpr std::string_view kKind = "repository:";
  std::set<std::string> result;
  const auto colon = scope.rfind(':');
  if (!scope.starts_with(kKind) || colon < kKind.size()) return result;
  const std::string name = scope.substr(kKind.size(), colon - kKind.size());
  std::istringstream actions{scope.substr(colon + 1)};
  for (std::string action; std::getline(actions, action, ',');) result.insert(name + ' ' + action);
  return result;
}

}  // namespace

std::string basic(const std::string& user, const std::string& password) {
  return "Basic " + base64(user + ':' + password);
}

http::Response error(int status, const std::string& code) {
  return {
      .status = status,
      .headers = {{"Content-Type", "application/json"}},
      .body = fmt::format(R"({{"errors":[{{"code":"{}","message":"the tests' registry says so"}}]}})", code)};
}

bool Access::is_user(const http::Request& request) const {
  return !rules_.user.empty() && request.header("authorization") == basic(rules_.user, rules_.password);
}

std::optional<http::Response> Access::refusal(const http::Request& request, const std::string& repository) {
  if (rules_.scheme == Scheme::none) return std::nullopt;
  http::Response refused = error(401, "UNAUTHORIZED");
  if (rules_.scheme == Scheme::basic) {
    if (is_user(request)) return std::nullopt;
    refused.headers.emplace_back("WWW-Authenticate", R"(Basic realm="the tests' registry")");
    return refused;
  }
  const bool writes = request.method != "GET" && request.method != "HEAD";
  const std::string wanted = writes ? "push" : "pull";
  const std::string said = request.header("authorization").value_or("");
  if (const std::string_view word = "Bearer "; said.starts_with(word) && !rules_.refuse_tokens) {
    const std::lock_guard lock{mutex_};
    const auto found = tokens_.find(said.substr(word.size()));
    if (found != tokens_.end() && (repository.empty() || found->second.contains(repository + ' ' + wanted)))
      return std::nullopt;
  }
  std::string challenge = fmt::format(R"(Bearer realm="{}",service="tests")", rules_.realm);
  if (!repository.empty())
    challenge += fmt::format(R"(,scope="repository:{}:{}")", repository, writes ? "pull,push" : "pull");
  refused.headers.emplace_back("WWW-Authenticate", challenge);
  return refused;
}

http::Response Access::give_token(const http::Request& request) {
  const bool known = is_user(request);
  if (!known && (request.header("authorization") || !rules_.anonymous_pull)) {
    http::Response refused = error(401, "UNAUTHORIZED");
    refused.headers.emplace_back("WWW-Authenticate", R"(Basic realm="tokens")");
    return refused;
  }
  std::set<std::string> granted;
  for (const auto& [key, value] : request.query)
    if (key == "scope")
      for (const std::string& permission : permissions(value))
        if (known || permission.ends_with(" pull")) granted.insert(permission);
  const std::lock_guard lock{mutex_};
  const std::string token = fmt::format("t{:016x}{:016x}", random_(), random_());
  tokens_[token] = std::move(granted);
  return {.headers = {{"Content-Type", "application/json"}},
          .body = fmt::format(R"({{"{}":"{}","expires_in":{}}})", rules_.token_key, token,
                              rules_.expires_seconds)};
}

}  // namespace lying
