#pragma once
// `--secret id=token,src=FILE` and `--secret id=token,env=NAME`: what a
// step may read and the image must not hold. A secret is in memory, of
// the builder and of the step, and nowhere else: it is no input of the
// cache, and no line of the history.

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dockwright {

class Secrets {
 public:
  Secrets() = default;
  /// Reads `--secret`, each as given, and what it names: at once, so
  /// that a missing file is noticed before anything is built.
  /// @throws Failure in BuildKit's words
  explicit Secrets(const std::vector<std::string>& given);
  /// Nothing where no secret of that ID was given. The secret must
  /// outlive it.
  [[nodiscard]] const std::string* find(const std::string& id) const;

 private:
  std::map<std::string, std::string> values_{};
};

}  // namespace dockwright
