#pragma once
// Docker's config.json, where every client of registries looks for
// names and passwords:
//
//     {
//       "auths": {"localhost:5000": {"auth": "YWxpY2U6c2VjcmV0"}},
//       "credHelpers": {"registry.example": "pass"},
//       "credsStore": "secretservice"
//     }
//
// `auth` is base64 of `alice:secret`: whoever can read the file has the
// password. So it is written with mode 0600, beside the old one, which
// it then replaces; and what others keep in it stays as it is.

#include <optional>
#include <string>
#include <string_view>

namespace dockwright {

/// Who one is to a registry. Either a password or an identity token,
/// with which a registry's token server gives new tokens.
struct Credentials {
  std::string user{};
  std::string password{};
  std::string identity_token{};
  bool operator==(const Credentials&) const = default;
};

/// The file, as it was when it was read.
class DockerConfig {
 public:
  /// $DOCKER_CONFIG/config.json, else ~/.docker/config.json; a file
  /// that is not there is an empty one. @throws Failure when it is none
  [[nodiscard]] static DockerConfig open();
  /// @throws Failure where the text is no such file
  [[nodiscard]] static DockerConfig parse(std::string path,
                                          std::string_view text);

  [[nodiscard]] const std::string& path() const noexcept {
    return path_;
  }
  /// What the file itself has for a registry.
  [[nodiscard]] std::optional<Credentials> stored(
      const std::string& registry) const;
  /// The `NAME` of `docker-credential-NAME`, which keeps those of this
  /// registry; empty when the file does.
  [[nodiscard]] std::string helper(const std::string& registry) const;

  /// The file's text with, and without, what it has for a registry.
  [[nodiscard]] std::string with(const std::string& registry,
                                 const Credentials& credentials) const;
  [[nodiscard]] std::string without(const std::string& registry) const;
  /// Replaces the file. @throws SystemCallError
  void write(std::string_view text) const;

 private:
  DockerConfig(std::string path, std::string text)
      : path_{std::move(path)}, text_{std::move(text)} {}
  std::string path_;
  std::string text_;
};

/// How config.json names a registry: as it is, and Docker Hub by the
/// address that it had at first.
[[nodiscard]] std::string config_key(const std::string& registry);

}  // namespace dockwright
