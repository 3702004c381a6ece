#pragma once
// `build --check`: looks for what a Dockerfile may say and better
// should not. Nothing is built; what is asked about the world outside
// the file stands in `CheckSurroundings`.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chapters/11-dockerfile/checks/rules.hpp"
#include "chapters/11-dockerfile/syntax/instruction.hpp"

namespace dockwright {

struct CheckSurroundings {
  /// `--build-arg`
  std::map<std::string, std::string> arguments{};
  /// The variables that an image sets; nothing where the image is not
  /// known: then nobody can say what is undefined.
  std::function<std::optional<std::set<std::string>>(
      const std::string& image)>
      variables_of{};
  /// Whether `.dockerignore` keeps a path out of the context.
  std::function<bool(const std::string& path)> ignored{};
};

/// In the order of lines; those that the file's `# check=` skips are
/// not among them. @throws DockerfileError for a file that no build
/// could use
[[nodiscard]] std::vector<Finding> find_mistakes(
    const Dockerfile& file, const CheckSurroundings& surroundings);

/// All findings with their lines, as `docker build --check` has them.
[[nodiscard]] std::string show_findings(
    const Dockerfile& file, const std::vector<Finding>& findings);

/// A line each, for the end of a build; nothing when there is none.
[[nodiscard]] std::string summarize_findings(
    const std::vector<Finding>& findings);

/// Ends a build whose file says `# check=error=true`.
/// @throws Failure when there are findings
void fail_on_findings(const Dockerfile& file,
                      const std::vector<Finding>& findings);

}  // namespace dockwright
