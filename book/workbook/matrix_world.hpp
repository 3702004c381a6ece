#pragma once
// The "host" of the laboratory: what a container must not reach. A file, a process, shared memory, a name, a
// server, a mount; an open descriptor and a password in the environment of whoever starts a container.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright::workbook::matrix {

/// Makes a root file system in a directory: the program in /bin, and empty directories.
void fill_rootfs(const std::filesystem::path& rootfs, const std::filesystem::path& program);

class World {
 public:
  /// Makes the host's secrets, and a root file system that holds the program and empty directories. Only the
  /// worker of a laboratory may; `base` becomes a file system of its own.
  World(std::filesystem::path base, std::filesystem::path program);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  [[nodiscard]] const std::filesystem::path& base() const noexcept { return base_; }
  /// The root file system for containers; the program is in its `/bin`.
  [[nodiscard]] std::filesystem::path rootfs() const { return base_ / "rootfs"; }
  /// The host's directory that attacks are after: see matrix_scene.hpp.
  [[nodiscard]] std::filesystem::path host() const { return base_ / "host"; }
  /// The program as the host sees it, as a container does, and as the build made it.
  [[nodiscard]] std::filesystem::path program() const { return rootfs() / "bin" / source_.filename(); }
  [[nodiscard]] std::string program_inside() const { return "/bin/" + source_.filename().string(); }
  [[nodiscard]] const std::filesystem::path& program_built() const noexcept { return source_; }
  /// The host's process that nobody may reach.
  [[nodiscard]] int sentinel() const noexcept { return sentinel_; }
  /// A directory of the host, held open: the caller's descriptor 9.
  [[nodiscard]] const UniqueFd& held_open() const noexcept { return held_open_; }

  /// Arguments for the probe: `{sentinel}` and the like replaced by what is meant.
  [[nodiscard]] std::vector<std::string> fill_in(const std::vector<std::string>& arguments) const;

  /// The table of mounts, a line each, sorted.
  [[nodiscard]] static std::vector<std::string> mounts();
  /// Takes away the mounts that are not in `before`, the newest first.
  static void unmount_new(const std::vector<std::string>& before);

  [[nodiscard]] static std::string hostname();
  /// Gives the host its name back.
  static void restore_hostname();
  /// Lets go of connections that probes made to the host's server.
  void drop_connections() const;

 private:
  std::filesystem::path base_;
  std::filesystem::path source_;
  int sentinel_ = -1;
  UniqueFd held_open_;
  UniqueFd server_;
  std::string socket_;
};

}  // namespace dockwright::workbook::matrix
