#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright::workbook {

struct RunOptions {
  std::string input = {};                ///< what the program reads on its standard input
  std::filesystem::path directory = {};  ///< where it runs; empty: here
  bool errors_apart = false;             ///< leave standard error to the terminal instead of mixing it in
  bool show = false;                     ///< let it print to our own terminal; `output` stays empty
};

struct FinishedProgram {
  int exit_code = 0;  ///< 127 when there is no such program, 128 and the signal's number when one killed it
  std::string output;
};

/// Runs a program of PATH to its end.
FinishedProgram run_program(const std::vector<std::string>& command, const RunOptions& options = {});

/// All that can be read from a descriptor.
std::string read_to_end(int fd);

/// @throws std::system_error that names the attempt
void write_all(const UniqueFd& fd, std::string_view text, const char* attempt);

}  // namespace dockwright::workbook
