#include "chapters/11-dockerfile/syntax/dockerfile_error.hpp"

#include "chapters/11-dockerfile/progress/failing_lines.hpp"
#include "common/nearest.hpp"

namespace dockwright {

namespace {

/// A build that fails ends with 1, as Docker's.
constexpr int kFailedBuild = 1;

}  // namespace

DockerfileError::DockerfileError(const std::string& name,
                                 const std::vector<std::string>& file,
                                 Lines lines, const std::string& why)
    : Failure{fmt::format("dockerfile parse error on line {}: {}",
                          lines.first, why),
              kFailedBuild},
      lines_{lines},
      shown_{show_failing_lines(
          name, file, {.first = lines.first, .last = lines.last})} {}

std::string suggestion(const std::string& word,
                       const std::vector<std::string>& known) {
  const std::string_view meant = nearest(word, known);
  return meant.empty() ? "" : fmt::format(" (did you mean {}?)", meant);
}

}  // namespace dockwright
