#pragma once
// A mistake in a Dockerfile, told as Docker tells it, for these words
// are what people search for:
//
//     Dockerfile:1
//     --------------------
//        1 | >>> FORM debian
//     --------------------
//     dockerfile parse error on line 1: unknown instruction: FORM (did
//     you mean FROM?)

#include <string>
#include <vector>

#include "chapters/11-dockerfile/syntax/instruction.hpp"
#include "common/check.hpp"

namespace dockwright {

class DockerfileError : public Failure {
 public:
  /// `dockerfile parse error on line N: WHY`
  DockerfileError(const std::string& name,
                  const std::vector<std::string>& file, Lines lines,
                  const std::string& why);
  [[nodiscard]] const Lines& lines() const noexcept { return lines_; }
  /// The lines around, the wrong ones marked; no newline at the end.
  [[nodiscard]] const std::string& shown() const noexcept {
    return shown_;
  }

 private:
  Lines lines_;
  std::string shown_;
};

/// ` (did you mean NEAREST?)`, as BuildKit says it, or nothing.
[[nodiscard]] std::string suggestion(
    const std::string& word, const std::vector<std::string>& known);

}  // namespace dockwright
