#pragma once
// The config of an image: for which machine it is, what runs in it and
// how, which layers it has, and what happened to it. Its digest is the
// image's ID. It names the layers by the digests of their archives as
// they are before compression (diff IDs), so the same image keeps its
// ID however its layers travel.
//
// Absent and empty lists are one here, as they are to Docker.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chapters/09-images/platform.hpp"
#include "common/digest.hpp"

namespace dockwright {

/// How Docker finds out whether a container is well. Times are
/// nanoseconds; 0 stands for Docker's own.
struct Healthcheck {
  std::vector<std::string> test{};  ///< `CMD-SHELL` and a line for it.
  std::int64_t interval = 0;
  std::int64_t timeout = 0;
  std::int64_t start_period = 0;
  std::int64_t start_interval = 0;
  std::int64_t retries = 0;
  std::string others{};
  bool operator==(const Healthcheck&) const = default;
};

/// What to run, unless the command line says otherwise.
struct RunConfig {
  std::string user{};
  std::set<std::string> exposed_ports{};  ///< `80/tcp`
  std::vector<std::string> env{};         ///< `NAME=value`
  std::vector<std::string> entrypoint{};
  std::vector<std::string> cmd{};
  std::optional<Healthcheck> healthcheck{};
  std::set<std::string> volumes{};
  std::string working_dir{};
  std::vector<std::string> on_build{};
  std::map<std::string, std::string> labels{};
  std::string stop_signal{};
  std::vector<std::string> shell{};
  std::string others{};  ///< What else stands there, as JSON.
  bool operator==(const RunConfig&) const = default;
};

/// A step by which the image came to be.
struct History {
  std::string created{};
  std::string created_by{};
  std::string author{};
  std::string comment{};
  bool empty_layer = false;  ///< It changed the config alone.
  std::string others{};
  bool operator==(const History&) const = default;
};

/// The whole document.
struct ImageConfig {
  std::string created{};  ///< As RFC 3339 writes times.
  std::string author{};
  Platform platform{};
  RunConfig config{};
  std::vector<Digest> diff_ids{};  ///< The lowest first.
  std::vector<History> history{};
  std::string others{};
  bool operator==(const ImageConfig&) const = default;

  /// Reads it; `name` is what messages call the document.
  /// @throws Failure
  [[nodiscard]] static ImageConfig parse(std::string name,
                                         std::string_view text);
  /// The same config, the same bytes.
  [[nodiscard]] std::string to_json() const;
};

}  // namespace dockwright
