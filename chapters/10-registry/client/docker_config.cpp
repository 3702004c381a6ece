#include "chapters/10-registry/client/docker_config.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "chapters/10-registry/client/base64.hpp"
#include "chapters/10-registry/client/secret.hpp"
#include "common/check.hpp"
#include "common/json.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

namespace {

constexpr const char* kHubKey = "https://index.docker.io/v1/";
constexpr JsonLimits kLimits{.bytes = 1U << 20, .depth = 32};

/// A key without scheme and path: some clients wrote them.
std::string_view bare(std::string_view key) {
  if (const std::size_t scheme = key.find("://");
      scheme != std::string_view::npos)
    key.remove_prefix(scheme + 3);
  return key.substr(0, key.find('/'));
}

bool same_registry(std::string_view key, const std::string& registry) {
  return key == config_key(registry) || bare(key) == registry;
}

std::optional<Credentials> read_entry(const JsonNode& entry) {
  Credentials found{.user = entry.text_of("username"),
                    .password = entry.text_of("password"),
                    .identity_token = entry.text_of("identitytoken")};
  if (const std::string auth = entry.text_of("auth"); !auth.empty()) {
    const auto pair = from_base64(auth);
    const std::size_t colon =
        pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos)
      entry.fail("auth is not the base64 of NAME:PASSWORD");
    found.user = pair->substr(0, colon);
    found.password = pair->substr(colon + 1);
    while (found.password.ends_with('\0')) found.password.pop_back();
  }
  if (found.identity_token.empty() &&
      (found.user.empty() || found.password.empty()))
    return std::nullopt;
  return found;
}

std::string home_file() {
  const char* const named = std::getenv("DOCKER_CONFIG");
  if (named != nullptr && *named != '\0')
    return std::string{named} + "/config.json";
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home == '\0')
    return "/root/.docker/config.json";
  return std::string{home} + "/.docker/config.json";
}

std::string read_whole(const UniqueFd& file, const std::string& path) {
  std::string text(kLimits.bytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got =
        check(retry([&] {
                return ::read(file.get(), text.data() + size,
                              text.size() - size);
              }),
              "read {}", path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

nlohmann::ordered_json parsed(const std::string& text) {
  auto json = nlohmann::ordered_json::parse(text);
  if (!json.contains("auths") || json["auths"].is_null())
    json["auths"] = nlohmann::ordered_json::object();
  return json;
}

std::string printed(const nlohmann::ordered_json& json) {
  return json.dump(1, '\t', false,
                   nlohmann::ordered_json::error_handler_t::replace) +
         '\n';
}

/// Makes the directory that a file is to stand in, with nobody else's
/// rights.
void make_parent(const std::string& path) {
  const std::string parent = path.substr(0, path.rfind('/'));
  if (::mkdir(parent.c_str(), 0700) == -1 && errno != EEXIST)
    check(-1, "make the directory {}", parent);
}

}  // namespace

std::string config_key(const std::string& registry) {
  return registry == "docker.io" ? kHubKey : registry;
}

DockerConfig DockerConfig::open() {
  std::string path = home_file();
  const UniqueFd file{
      ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR)
      return parse(std::move(path), "{}");
    check(-1, "open {}", path);
  }
  const std::string text = read_whole(file, path);
  return parse(std::move(path), text.empty() ? "{}" : text);
}

DockerConfig DockerConfig::parse(std::string path,
                                 std::string_view text) {
  const JsonDocument document = read_secret(path, text, kLimits);
  const JsonNode root = document.root();
  if (const auto auths = root.find("auths"))
    for (const auto& [key, entry] : auths->members())
      static_cast<void>(read_entry(entry));  // throws where it is none
  static_cast<void>(root.text_of("credsStore"));
  static_cast<void>(root.text_map_of("credHelpers"));
  return {std::move(path), std::string{text}};
}

std::optional<Credentials> DockerConfig::stored(
    const std::string& registry) const {
  const JsonDocument document = read_secret(path_, text_, kLimits);
  const auto auths = document.root().find("auths");
  if (!auths) return std::nullopt;
  const auto all = auths->members();
  if (const auto exact = all.find(config_key(registry));
      exact != all.end())
    return read_entry(exact->second);
  for (const auto& [key, entry] : all)
    if (same_registry(key, registry)) return read_entry(entry);
  return std::nullopt;
}

std::string DockerConfig::helper(const std::string& registry) const {
  const JsonDocument document = read_secret(path_, text_, kLimits);
  const JsonNode root = document.root();
  for (const auto& [key, name] : root.text_map_of("credHelpers"))
    if (same_registry(key, registry)) return name;
  return root.text_of("credsStore");
}

std::string DockerConfig::with(const std::string& registry,
                               const Credentials& credentials) const {
  auto json = parsed(text_);
  auto& entry = json["auths"][config_key(registry)];
  entry = nlohmann::ordered_json::object();
  if (!credentials.user.empty())
    entry["auth"] =
        to_base64(credentials.user + ':' + credentials.password);
  if (!credentials.identity_token.empty())
    entry["identitytoken"] = credentials.identity_token;
  return printed(json);
}

std::string DockerConfig::without(const std::string& registry) const {
  auto json = parsed(text_);
  auto& auths = json["auths"];
  for (auto entry = auths.begin(); entry != auths.end();)
    entry = same_registry(entry.key(), registry) ? auths.erase(entry)
                                                 : std::next(entry);
  return printed(json);
}

void DockerConfig::write(std::string_view text) const {
  make_parent(path_);
  // Some keep the file elsewhere, and only a link to it here.
  char real[PATH_MAX];
  const std::string target =
      ::realpath(path_.c_str(), real) != nullptr ? real : path_;
  const std::string beside =
      fmt::format("{}.{}.new", target, ::getpid());
  const UniqueFd file{
      check(::open(beside.c_str(),
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   0600),
            "write {}", beside)};
  try {
    while (!text.empty()) {
      const auto size =
          check(retry([&] {
                  return ::write(file.get(), text.data(), text.size());
                }),
                "write {}", beside);
      text.remove_prefix(static_cast<std::size_t>(size));
    }
    check(::fsync(file.get()), "write {}", beside);
    check(::rename(beside.c_str(), target.c_str()),
          "replace {} by what is new", target);
  } catch (...) {
    ignore(::unlink(beside.c_str()), "it could not be written");
    throw;
  }
}

}  // namespace dockwright
