#pragma once
// The commands that the stage hands over to this program, and what they
// have in common.

#include <string>
#include <vector>

#include "chapters/10-registry/client/session.hpp"
#include "chapters/10-registry/client/settings.hpp"
#include "common/cli.hpp"

namespace dockwright {

[[nodiscard]] cli::Command pull_command(const char* name);
[[nodiscard]] cli::Command push_command(const char* name);
[[nodiscard]] cli::Command login_command();
[[nodiscard]] cli::Command logout_command();
[[nodiscard]] cli::Command search_command();
[[nodiscard]] cli::Command manifest_inspect_command();
/// For ADD, which is no command of a user's.
[[nodiscard]] cli::Command fetch_command();

/// How a registry is spoken to, as far as options say.
struct RegistryOptions {
  std::string tls_verify = "true";
  std::string certificates{};
  std::vector<std::string> mirrors{};
};

/// Declares `--tls-verify` and `--cert-dir`.
void registry_options(cli::Options& options, RegistryOptions& target);

/// The settings of files, environment and options together. @throws
/// Failure
[[nodiscard]] Settings settings_of(const RegistryOptions& options);

}  // namespace dockwright
