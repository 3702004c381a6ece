#include "chapters/10-registry/client/commands.hpp"

#include "common/check.hpp"

namespace dockwright {

void registry_options(cli::Options& options, RegistryOptions& target) {
  options.value("--tls-verify", target.tls_verify, "true|false",
                "false: take any certificate, or none");
  options.value("--cert-dir", target.certificates, "DIR",
                "The registry's certificates (*.crt, *.cert, *.key)");
}

Settings settings_of(const RegistryOptions& options) {
  Settings settings = Settings::read();
  if (options.tls_verify != "true" && options.tls_verify != "false")
    throw Failure{
        fmt::format("--tls-verify {}: true or false is expected",
                    options.tls_verify)};
  settings.tls_verify = options.tls_verify == "true";
  settings.certificates = options.certificates;
  settings.mirrors.insert(settings.mirrors.begin(),
                          options.mirrors.begin(),
                          options.mirrors.end());
  return settings;
}

}  // namespace dockwright
