#pragma once
// Which stages a build needs, and which may be built at once. A stage
// needs those that it begins from (FROM) and copies from (COPY --from,
// RUN --mount=from=). What the wanted stage does not need, directly or
// through others, is not built at all.
//
//     FROM node AS builder        builder   docs
//     FROM node AS docs              |        (nobody needs it)
//     FROM nginx                     v
//     COPY --from=builder …       (last)

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright {

/// A stage, as the graph sees it.
struct StageNeeds {
  std::string name{};  ///< `AS name`, in small letters; or empty.
  std::string base{};  ///< Of FROM: another stage, or an image.
  std::vector<std::string> sources{};  ///< Of COPY and RUN --mount.
};

class StageGraph {
 public:
  /// @throws Failure for a stage that needs itself
  explicit StageGraph(const std::vector<StageNeeds>& stages);

  /// The stage that FROM names: one before this one.
  [[nodiscard]] std::optional<std::size_t> base_of(
      std::size_t stage) const {
    return bases_[stage];
  }
  /// The stage that `--from` names, by name or number; none: it is an
  /// image, or a context.
  [[nodiscard]] std::optional<std::size_t> source(
      std::string_view name) const;
  /// The stage that `--target` names; the last one where it is empty.
  /// @throws Failure with the nearest name
  [[nodiscard]] std::size_t target(const std::string& name) const;

  /// What a stage needs itself.
  [[nodiscard]] const std::vector<std::size_t>& needs(
      std::size_t stage) const {
    return needs_[stage];
  }
  /// The stage and all that it needs, in an order in which they can be
  /// built one after the other.
  [[nodiscard]] std::vector<std::size_t> needed_for(
      std::size_t stage) const;

 private:
  enum class Seen { no, begun, done };
  void visit(std::size_t stage, std::vector<Seen>& seen,
             std::vector<std::size_t>& order) const;
  [[nodiscard]] std::string called(std::size_t stage) const;

  std::vector<std::string> names_{};
  std::vector<std::optional<std::size_t>> bases_{};
  std::vector<std::vector<std::size_t>> needs_{};
};

}  // namespace dockwright
