#include "chapters/10-registry/client/settings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "common/check.hpp"
#include "common/files.hpp"
#include "common/json.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestFile = 1U << 20;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

/// ~/.config, or what stands for it; empty for somebody without a home.
std::string config_home() {
  if (std::string named = variable("XDG_CONFIG_HOME"); !named.empty())
    return named;
  const std::string home = variable("HOME");
  return home.empty() ? std::string{} : home + "/.config";
}

std::optional<std::string> try_read(const std::string& path) {
  const UniqueFd file{
      ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (file) return files::read_all(file, kLargestFile, path);
  if (errno != ENOENT && errno != ENOTDIR) check(-1, "open {}", path);
  return std::nullopt;
}

std::vector<std::string> certificate_directories(
    const Settings& settings, const Origin& origin) {
  if (!settings.certificates.empty()) return {settings.certificates};
  std::vector<std::string> bases = {"/etc/docker", "/etc/containers"};
  if (const std::string home = config_home(); !home.empty())
    bases.insert(bases.end(), {home + "/docker", home + "/containers"});
  std::vector<std::string> all;
  for (const std::string& base : bases) {
    all.push_back(fmt::format("{}/certs.d/{}:{}", base, origin.host,
                              origin.port));
    if (origin.port == 443)
      all.push_back(fmt::format("{}/certs.d/{}", base, origin.host));
  }
  return all;
}

void add_certificates(Tls& tls, const std::string& directory) {
  const UniqueFd open{
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!open) return;  // most registries have none
  for (const std::string& name : files::names_in(open)) {
    const std::string path = directory + '/' + name;
    if (name.ends_with(".crt")) {
      if (const auto pem = try_read(path))
        tls.authorities += *pem + '\n';
    } else if (name.ends_with(".cert")) {
      const std::string key = path.substr(0, path.size() - 5) + ".key";
      if (::access(key.c_str(), R_OK) != 0)
        throw Failure{fmt::format("{} is there, and its key {} is not",
                                  path, key)};
      tls.certificate = path;
      tls.key = key;
    }
  }
}

}  // namespace

void read_registries(Settings& settings, const std::string& name,
                     std::string_view text) {
  const JsonDocument document{
      name, text, {.bytes = kLargestFile, .depth = 32}};
  const JsonNode root = document.root();
  const auto append = [&](std::vector<std::string>& to,
                          const char* key) {
    for (std::string& each : root.texts_of(key))
      to.push_back(std::move(each));
  };
  append(settings.mirrors, "registry-mirrors");
  append(settings.trust.insecure, "insecure-registries");
  append(settings.trust.token_realms, "token-realms");
}

Settings Settings::read() {
  Settings settings{.patience = patience_from_environment()};
  std::vector<std::string> places = {variable("DOCKWRIGHT_REGISTRIES")};
  if (places.front().empty()) {
    places = {"/etc/dockwright/registries.json"};
    if (const std::string home = config_home(); !home.empty())
      places.insert(places.begin(),
                    home + "/dockwright/registries.json");
  }
  for (const std::string& place : places) {
    const auto text = try_read(place);
    if (!text) continue;
    read_registries(settings, place, *text);
    break;
  }
  return settings;
}

Tls tls_for(const Settings& settings, const Origin& origin) {
  Tls tls{.verify = !settings.trust.is_insecure(origin)};
  for (const std::string& directory :
       certificate_directories(settings, origin))
    add_certificates(tls, directory);
  return tls;
}

}  // namespace dockwright
