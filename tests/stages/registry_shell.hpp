#pragma once
// A reader who speaks to registries: a shell with a store, a config.json and registries.json of its own.

#include <fmt/format.h>

#include <fstream>
#include <string>

#include "tests/registry/registries.hpp"
#include "tests/stages/shell.hpp"

class RegistryShell {
 public:
  RegistryShell() {
    ::setenv("DOCKWRIGHT_ROOT", (directory() / "store").c_str(), 1);
    ::setenv("DOCKER_CONFIG", (directory() / "docker").c_str(), 1);
    ::setenv("DOCKWRIGHT_REGISTRIES", (directory() / "registries.json").c_str(), 1);
    ::setenv("DOCKWRIGHT_REGISTRY_ATTEMPTS", "3", 1);
    ::setenv("DOCKWRIGHT_REGISTRY_TIMEOUT", "1", 1);
    std::filesystem::create_directory(directory() / "docker");
  }
  Result operator()(const std::string& script) const { return shell_(script); }
  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return shell_.directory(); }
  [[nodiscard]] std::filesystem::path layout() const { return directory() / "layout"; }

  /// Makes the image `box`, which can be run, under a name at `registry`.
  void make_box(const std::string& registry) const {
    const Result made = shell_(
        fmt::format("tar -C rootfs -c . | stage10 import --change 'CMD [\"true\"]' - {}/box", registry));
    INFO(made.output);
    REQUIRE(made.code == 0);
  }
  /// As if ada had logged in there, with a password that can be looked for: `opensesame`.
  void log_in(const std::string& registry) const {
    std::ofstream{directory() / "docker" / "config.json"}
        << fmt::format(R"({{"auths": {{"{}": {{"auth": "YWRhOm9wZW5zZXNhbWU="}}}}}})", registry);
  }
  void write(const char* name, const std::string& text) const { std::ofstream{directory() / name} << text; }

 private:
  Shell shell_{};
};

/// Options of the tests' registry for the user of `log_in`.
inline std::vector<std::string> for_ada(std::vector<std::string> options) {
  options.insert(options.end(), {"--user", "ada", "--password", "opensesame"});
  return options;
}
