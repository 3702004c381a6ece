#pragma once
// Everything that `build` can be asked for, as one plain struct. A field
// stands under the chapter that first honours it.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/spec.hpp"

namespace dockwright {

struct BuildSpec {
  // Chapter 11: a Dockerfile
  std::string context{};  ///< A directory, `-` or the address of a git
                          ///< repository.
  std::string file{};     ///< `--file`; `-`: standard input; empty: the
                          ///< context's Dockerfile.
  std::vector<std::string> tags{};
  /// `--build-arg NAME[=VALUE]`, in order; without a value it is that
  /// of our own environment, if there is one.
  std::vector<std::pair<std::string, std::optional<std::string>>>
      build_args{};
  std::vector<std::pair<std::string, std::string>> labels{};
  std::string target{};    ///< The stage to end with.
  std::string platform{};  ///< Of the image; empty: this machine's.
  std::string pull{};      ///< As `run`'s; `always` for `--pull`.
  std::string image_id_file{};  ///< `--iidfile`
  std::string metadata_file{};
  std::vector<MountSpec> volumes{};  ///< Read-only, in every RUN.
  NetworkMode network = NetworkMode::host;
  std::vector<std::string> add_hosts{};  ///< `NAME:ADDRESS`
  std::vector<std::string> archive_limits{};
  std::string progress{};  ///< `auto` (also empty), `plain`, `tty`, …
  bool quiet = false;
  bool no_cache = false;  ///< As always in stage 11.
  bool check = false;     ///< Look for mistakes, and build nothing.
  std::string print{};    ///< `ast`: show how the file was understood.

  // Chapter 12: a cache, several stages
  std::vector<std::string> no_cache_filters{};  ///< Names of stages.
  std::vector<std::string> cache_from{};
  std::vector<std::string> cache_to{};
  std::vector<std::pair<std::string, std::string>> contexts{};
  std::vector<std::string>
      secrets{};                      ///< As given: `id=NAME,src=FILE`.
  std::vector<std::string> agents{};  ///< `--ssh`, as given.
  std::vector<std::string> outputs{};  ///< `type=local,dest=DIR`
  std::vector<std::string> allow{};    ///< `--allow security.insecure`
  bool squash = false;
};

/// What runs a container: the spine of the stage.
using Runner = int (*)(const Spec& spec);

/// Builds what `spec` asks for; what Docker's `build` answers: 0, or 1
/// when it has failed. Each stage from here on has its own.
int build(const BuildSpec& spec, Runner run);

}  // namespace dockwright
