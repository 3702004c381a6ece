#pragma once
// What decides the outcome of a step. Two steps with the same inputs
// make the same layer, so the digest of the inputs is the step's *key*
// in the cache. Everything hangs on this list being complete: a cache
// that leaves an input out hands one man's layer to another.
//
//     RUN   the layers below, the command, ARG and ENV, user, working
//           directory, mounts, hosts, network, security, platform
//     COPY  the layers below, where to, owner and mode, and of what is
//           copied: names, types, contents, modes, owners, links
//
// Not among them: times, names of images and stages, labels, where the
// context lies. What has the same contents is the same. A key made of
// the *names* of what went before is how Docker's classic builder could
// be given somebody else's layer (CVE-2024-24557).
//
// A value is kept as its digest only: what changed can be told, and
// what it was cannot be read from the cache.

#include <string>
#include <string_view>
#include <vector>

#include "common/digest.hpp"
#include "common/json.hpp"

namespace dockwright {

struct StepInput {
  std::string name{};  ///< As a person is told: `ARG VERSION`.
  Digest value;        ///< Of what it is.
  bool operator==(const StepInput&) const = default;
};

class StepInputs {
 public:
  void add(std::string name, std::string_view value);
  /// What has a digest already.
  void add(std::string name, const Digest& value);
  [[nodiscard]] const std::vector<StepInput>& all() const noexcept {
    return all_;
  }
  /// Under what the cache keeps what such a step made.
  [[nodiscard]] Digest key() const;
  bool operator==(const StepInputs&) const = default;

  [[nodiscard]] nlohmann::ordered_json to_json() const;
  /// @throws Failure
  [[nodiscard]] static StepInputs from_json(const JsonNode& node);

 private:
  std::vector<StepInput> all_{};
};

/// The layers up to one, as one digest: the same layers upon others are
/// another root. (OCI's image specification calls it a chain ID.)
[[nodiscard]] Digest chain_id(const std::vector<Digest>& diff_ids);

}  // namespace dockwright
