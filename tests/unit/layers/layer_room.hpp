#pragma once
// A room for layers: a directory to unpack into, and beside it one that nothing unpacked may ever touch.

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "chapters/08-layers/layer_apply.hpp"
#include "common/errors.hpp"
#include "common/sys.hpp"
#include "tests/unit/temporary.hpp"

namespace dockwright {

/// What stands in a tree: by path, a line that says all of it that an archive can (but no times).
using Tree = std::map<std::string, std::string>;
[[nodiscard]] Tree tree_of(const std::filesystem::path& top);

class LayerRoom {
 public:
  LayerRoom();
  /// Unpacks; root uses what root has. @throws what apply_layer throws
  AppliedLayer apply(const std::string& archive, const ArchiveLimits& limits = {}) const;
  /// As above where nothing else can be harmed (sealed.hpp), and gives the message of the failure; empty when
  /// there was none.
  [[nodiscard]] std::string failure(const std::string& archive, const ArchiveLimits& limits = {}) const;

  [[nodiscard]] std::filesystem::path layer() const { return scratch_.path() / "layer"; }
  [[nodiscard]] std::filesystem::path outside() const { return scratch_.path() / "outside"; }
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] Tree tree() const { return tree_of(layer()); }
  /// Whether everything but the layer is as it was at first.
  [[nodiscard]] bool is_unharmed() const { return surroundings() == before_; }

 private:
  [[nodiscard]] Tree surroundings() const;
  TemporaryDirectory scratch_{};
  Tree before_{};
};

/// The attribute that makes a directory opaque here; which one depends on whether we are root.
[[nodiscard]] std::string opaque_name();
[[nodiscard]] Whiteouts whiteouts_here();

}  // namespace dockwright
