#pragma once
// How a cell is measured, after what really happened: one function for each method of a declaration.

#include <string>
#include <vector>

#include "book/workbook/matrix_declaration.hpp"
#include "book/workbook/matrix_scene.hpp"
#include "book/workbook/matrix_world.hpp"
#include "book/workbook/runtime.hpp"
#include "book/workbook/subprocess.hpp"

namespace dockwright::workbook::matrix {

/// One word for the answer, and what went wrong when there is none.
struct Answer {
  std::string word{};
  std::string trouble{};
};

/// One run to measure.
struct Request {
  const World& world;
  const Runtime& runtime;
  std::vector<std::string> line{};
  RunOptions options{};
  const Scene* scene = nullptr;  ///< Where the row has one.
  int starts = 1;                ///< How often a race is run.
};

[[nodiscard]] Answer ask(const Request& request, Method method);

/// matrix_host.cpp: those that look at the host afterwards.
[[nodiscard]] Answer changed_host(const Request& request);
[[nodiscard]] Answer race_for_a_link(const Request& request);
[[nodiscard]] Answer abstract_sockets(const Request& request);
/// matrix_terminal.cpp
[[nodiscard]] Answer typed_into_terminal(const Request& request);
/// The answer of a run that failed.
[[nodiscard]] Answer trouble(const Finished& finished);

}  // namespace dockwright::workbook::matrix
