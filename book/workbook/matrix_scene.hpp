#pragma once
// What a row of the attack table finds when it begins: a root file system that the attacker has prepared, and
// a directory of the host that it is after.
//
//     HOST/secret       what it wants to read
//     HOST/target/      where it wants to leave something
//     HOST/bait/        what the user gives the container as a volume
//
// Both are file systems of their own, over those of the world, and go with the scene: whatever an attack
// changed is gone, and the next one finds everything as it was.

#include <functional>
#include <string>
#include <vector>

#include "book/workbook/matrix_world.hpp"
#include "book/workbook/runtime.hpp"

namespace dockwright::workbook::matrix {

class Scene {
 public:
  /// Does what `setup` lists; matrix_setup.hpp has the words. Only the worker of a laboratory may.
  Scene(const World& world, const Runtime& runtime, const std::vector<std::string>& setup);
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  ~Scene();

  /// The runtime to start: maybe a throw-away copy.
  [[nodiscard]] const Runtime& runtime() const noexcept { return runtime_; }
  /// What the caller of the runtime does before it starts it; nothing, or a function for the child.
  [[nodiscard]] const std::function<void()>& caller() const noexcept { return caller_; }
  /// The host's directory as text: every name, mode, size and content. Another text: somebody was here.
  [[nodiscard]] std::string fingerprint() const;

 private:
  const World& world_;
  Runtime runtime_;
  std::function<void()> caller_;
};

}  // namespace dockwright::workbook::matrix
