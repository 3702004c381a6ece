#pragma once
// ARG: values that a build is given, and that its image does not keep.
// There are four places where a value may come from: `--build-arg`, the
// default in the line itself, an ARG of the same name before the first
// FROM, and the platforms, which are always known.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chapters/09-images/platform.hpp"
#include "chapters/09-images/timestamp.hpp"
#include "chapters/11-dockerfile/build_spec.hpp"
#include "chapters/11-dockerfile/image_state.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

class BuildArguments {
 public:
  /// `globals`: the ARGs before the first FROM. @throws DockerfileError
  BuildArguments(const BuildSpec& spec, const Platform& target,
                 const Dockerfile& file,
                 const std::vector<Instruction>& globals);

  /// What FROM lines see.
  [[nodiscard]] VariableLookup for_from() const;
  /// The value of `ARG name` in a stage; `fallback` is its default,
  /// expanded. Nothing where nobody gives one.
  [[nodiscard]] std::optional<std::string> value_of(
      const std::string& name,
      const std::optional<std::string>& fallback) const;
  /// `NAME=value` of the proxies that were given: a RUN gets them, and
  /// nobody tells of them.
  [[nodiscard]] const std::vector<std::string>& proxies()
      const noexcept {
    return proxies_;
  }
  /// SOURCE_DATE_EPOCH, given or of our environment.
  [[nodiscard]] std::optional<Seconds> epoch() const;
  /// The names that were given and that no ARG of `stages` asks for.
  [[nodiscard]] std::vector<std::string> unused(
      const std::set<std::string>& declared) const;

 private:
  Variables given_{};
  Variables global_{};
  Variables platforms_{};
  std::set<std::string> global_names_{};
  std::vector<std::string> proxies_{};
};

}  // namespace dockwright
