#pragma once
// What to run, as one plain struct from stage 1 to 16. A field stands under the chapter that first honours
// it; a stage that is handed an option of a later chapter refuses it and says where it arrives.

#include <string>
#include <vector>

namespace dockwright {

/// Which network the container sees.
enum class NetworkMode {
  host,  ///< The host's own (until chapter 14 there is no other that works).
  none,  ///< A network namespace of its own with nothing in it.
};

/// One file system that is to appear in the container.
struct MountSpec {
  enum class Type { bind, tmpfs };
  Type type = Type::bind;
  std::string source{};   ///< bind: a path on the host.
  std::string target{};   ///< An absolute path inside the container.
  std::string options{};  ///< tmpfs: `size=64m,mode=1777`, as mount(8) spells them.
  bool read_only = false;
  bool operator==(const MountSpec&) const = default;
};

/// What to run and in which surroundings.
struct Spec {
  // Chapter 1: a process
  std::vector<std::string> command{};      ///< The program and its arguments.
  std::vector<std::string> environment{};  ///< What `-e` asked for: `NAME=value`, beside the clean default.
  std::string workdir{};  ///< Absolute in a root file system; empty means `/` (stage 1: where we are).

  // Chapter 2: a root
  std::string rootfs{};  ///< The directory that becomes `/`; empty in stage 1 only.

  // Chapter 3: namespaces
  std::string hostname = "box";
  bool init = true;  ///< Run our small init as process 1, rather than the command itself.
  NetworkMode network = NetworkMode::host;

  // Chapter 4: mounts
  std::vector<MountSpec> mounts{};
  bool read_only = false;    ///< Mount the root file system read-only.
  bool tty = false;          ///< Give the container a terminal of its own (`-t`).
  bool interactive = false;  ///< Keep standard input open (`-i`); otherwise it is /dev/null, as with Docker.

  bool operator==(const Spec&) const = default;
};

}  // namespace dockwright
