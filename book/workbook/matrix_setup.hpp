#pragma once
// The words that `setup` may list in attacks.yaml. Some are about the root file system, which an attacker who
// publishes an image may fill as it likes; some are about the runtime's caller, whose habits the runtime must
// not hand on.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "book/workbook/matrix_world.hpp"
#include "book/workbook/runtime.hpp"

namespace dockwright::workbook::matrix {

/// What a word may look at and change.
struct Stage {
  const World& world;
  Runtime& runtime;
};

/// Does what the word says. Some words come with something that the runtime's caller must do just before it
/// starts it: that is given back, and is run in the child. @throws std::runtime_error for an unknown word
std::function<void()> prepare(const Stage& stage, const std::string& word);

/// All words.
[[nodiscard]] std::vector<std::string_view> setup_words();

}  // namespace dockwright::workbook::matrix
