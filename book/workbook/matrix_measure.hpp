#pragma once
// Measuring one cell: a row in a runtime.

#include <string>

#include "book/workbook/matrix_declaration.hpp"
#include "book/workbook/matrix_world.hpp"
#include "book/workbook/runtime.hpp"

namespace dockwright::workbook::matrix {

/// What was found.
struct Measurement {
  Verdict verdict = Verdict::unclear;
  std::string answer{};   ///< The program's word.
  std::string trouble{};  ///< What a run that failed said.
};

/// How often a race for a link is run where nobody says otherwise.
constexpr int kStartsOfARace = 60;

/// What is declared for that cell; unclear where nothing is.
[[nodiscard]] Verdict declared(const Probe& probe, const Runtime& runtime);

/// Runs the row's program and judges its answer. Whatever the run left behind in the laboratory is taken
/// away. Nothing is run where `none` is declared, nor where the kernel lacks what the row needs.
[[nodiscard]] Measurement measure(const World& world, const Runtime& runtime, const Probe& probe,
                                  int starts = kStartsOfARace);

}  // namespace dockwright::workbook::matrix
