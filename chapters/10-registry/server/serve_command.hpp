#pragma once
// `registry serve`: a registry on loopback from the local store, so
// that two machines of a room can exchange images.

#include <cstdint>

#include "common/cli.hpp"

namespace dockwright {

[[nodiscard]] cli::Command registry_serve_command();

namespace serve {

/// Where to listen: `127.0.0.1:5000`, `0.0.0.0`, `[::1]:5000`, `:5001`.
struct Listening {
  std::string address = "127.0.0.1";
  std::uint16_t port = 5000;
  bool operator==(const Listening&) const = default;

  /// What is left out stays as it is above. @throws Failure
  [[nodiscard]] static Listening parse(std::string_view text);
  /// As a URL has it: `[::1]:5000`
  [[nodiscard]] std::string str() const;
};

}  // namespace serve
}  // namespace dockwright
