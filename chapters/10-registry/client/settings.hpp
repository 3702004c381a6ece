#pragma once
// What the user says about registries, on the command line and in
// registries.json, whose keys are those of Docker's daemon.json:
//
//     {"registry-mirrors": ["https://mirror.example"],
//      "insecure-registries": ["registry.local:5000"],
//      "token-realms": ["auth.example"]}
//
// and the certificates of registries, in directories as Docker and
// Podman have them: certs.d/HOST:PORT/{ca.crt,client.cert,client.key}.

#include <string>
#include <string_view>
#include <vector>

#include "chapters/10-registry/client/http.hpp"
#include "chapters/10-registry/client/patience.hpp"
#include "chapters/10-registry/client/rules.hpp"

namespace dockwright {

struct Settings {
  Trust trust{};
  /// Asked before Docker Hub, as Docker does it.
  std::vector<std::string> mirrors{};
  /// Another directory than certs.d/HOST:PORT.
  std::string certificates{};
  /// `--tls-verify=false`: the registry of this command is insecure.
  bool tls_verify = true;
  Patience patience{};

  /// Those of $DOCKWRIGHT_REGISTRIES, else of registries.json in
  /// $XDG_CONFIG_HOME/dockwright (~/.config/dockwright), else of
  /// /etc/dockwright, and the environment's. @throws Failure
  [[nodiscard]] static Settings read();
};

/// Those of a file's text. @throws Failure
void read_registries(Settings& settings, const std::string& name,
                     std::string_view text);

/// How TLS is spoken to a host.
[[nodiscard]] Tls tls_for(const Settings& settings,
                          const Origin& origin);

}  // namespace dockwright
