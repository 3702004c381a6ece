#pragma once
// What the cache remembers of one step: from what it was made, and what
// came of it. It is one file, `cache/HEX` of the store, called by its
// key; the layer itself lies where all layers do.

#include <optional>
#include <string>

#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/12-build-cache/cache/step_inputs.hpp"

namespace dockwright {

struct CacheRecord {
  StepInputs inputs{};
  std::string step{};  ///< For people: `RUN make`.
  /// What the step made; none: it changed no file.
  std::optional<BuiltLayer> layer{};
  /// The digest of files that were looked at, where that was the step.
  std::optional<Digest> contents{};
  bool operator==(const CacheRecord&) const = default;

  /// `boot`: of the machine, while the disk may not have the layer.
  [[nodiscard]] std::string to_json(const std::string& boot) const;
};

/// A record as it was read.
struct ReadRecord {
  CacheRecord record{};
  std::string boot{};
};

/// @throws Failure where it is damaged, or not the one of that name
[[nodiscard]] ReadRecord parse_record(const std::string& name,
                                      const std::string& text);

}  // namespace dockwright
