#pragma once
// A Dockerfile's stages: each FROM begins one. ARG before the first
// FROM belongs to none; only FROM lines see it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

/// What stands from one FROM to the next.
struct StageText {
  Instruction from{};
  std::string name{};  ///< `AS name`, in small letters; or empty.
  std::string base{};  ///< As written: `debian:$TAG`.
  std::vector<Instruction> steps{};
};

struct StageTexts {
  std::vector<Instruction> arguments{};  ///< ARGs before all stages.
  std::vector<StageText> stages{};

  /// The stage of this name or number, looked up among the first
  /// `before` of them.
  [[nodiscard]] std::optional<std::size_t> find(
      std::string_view name, std::size_t before) const;
};

/// @throws DockerfileError when an instruction stands before FROM
[[nodiscard]] StageTexts split_stages(const Dockerfile& file);

}  // namespace dockwright
