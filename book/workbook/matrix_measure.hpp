#pragma once
// Measuring one cell: a probe in a runtime.

#include <string>

#include "book/workbook/matrix_declaration.hpp"
#include "book/workbook/matrix_world.hpp"
#include "book/workbook/runtime.hpp"

namespace dockwright::workbook::matrix {

/// What was found.
struct Measurement {
  Verdict verdict = Verdict::unclear;
  std::string answer{};   ///< The probe's word.
  std::string trouble{};  ///< Why it is unclear: exit code and messages.
};

/// What is declared for that cell; unclear where nothing is.
[[nodiscard]] Verdict declared(const Probe& probe, const Runtime& runtime);

/// Runs the probe and judges its answer. Whatever the run left behind in the laboratory is taken away.
[[nodiscard]] Measurement measure(const World& world, const Runtime& runtime, const Probe& probe);

}  // namespace dockwright::workbook::matrix
