#pragma once
// A context and an image, as directories, and beside them what nothing may ever touch.

#include <fcntl.h>

#include <filesystem>
#include <string>
#include <vector>

#include "chapters/11-dockerfile/copy/copy.hpp"
#include "common/check.hpp"
#include "tests/unit/layers/layer_room.hpp"
#include "tests/unit/temporary.hpp"

namespace dockwright {

[[nodiscard]] inline UniqueFd open_directory(const std::filesystem::path& path) {
  return UniqueFd{check(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open {}", path.native())};
}

class CopyRoom {
 public:
  CopyRoom();
  /// A file of the context or the image, with the directories above it. The path is relative.
  void context(const std::string& path, const std::string& text = "") const;
  void image(const std::string& path, const std::string& text = "") const;
  void context_link(const std::string& path, const std::string& target) const;
  void image_link(const std::string& path, const std::string& target) const;

  [[nodiscard]] CopySelection select(CopyRequest request) const;
  /// Copies where nothing but the room can be written to (sealed.hpp); gives the message of the failure, or
  /// nothing.
  std::string copy(CopyRequest request, const std::string& workdir = "/") const;
  [[nodiscard]] Digest digest(CopyRequest request, HashCache* cache = nullptr) const;
  /// What is in the image now: `/etc/passwd=text`, `/bin->usr/bin`, `/etc/`.
  [[nodiscard]] std::vector<std::string> tree() const;
  [[nodiscard]] std::string read(const std::string& path) const;
  [[nodiscard]] std::filesystem::path source() const { return scratch_.path() / "context"; }
  [[nodiscard]] std::filesystem::path target() const { return scratch_.path() / "image"; }
  [[nodiscard]] std::filesystem::path outside() const { return scratch_.path() / "outside"; }
  [[nodiscard]] std::filesystem::path scratch() const { return scratch_.path(); }
  const PathFilter* filter = nullptr;
  Ownership owners = Ownership::root;

 private:
  [[nodiscard]] CopyTree from() const { return {.root = &source_, .filter = filter, .owners = owners}; }
  TemporaryDirectory scratch_{};
  UniqueFd source_{};
};

}  // namespace dockwright
