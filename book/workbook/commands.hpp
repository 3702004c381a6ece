#pragma once

namespace CLI {
class App;
}

/// The commands of the reader's program. Each one is declared and done in a file of its own; `main.cpp` lists
/// them. Such a function adds its subcommand to `app` and stores the exit code of what it did in `status`. An
/// exception that leaves a command's callback is printed by `main` as "workbook: …", and the exit code is 1.
namespace dockwright::workbook {

/// What is done when no command was given: where the reader is, and the one command to type next.
int show_where_am_i();

void add_start_command(CLI::App& app, int& status);
void add_check_command(CLI::App& app, int& status);
void add_watch_command(CLI::App& app, int& status);
void add_hint_command(CLI::App& app, int& status);
void add_solution_command(CLI::App& app, int& status);
void add_reset_command(CLI::App& app, int& status);
void add_exercises_command(CLI::App& app, int& status);
void add_gate_command(CLI::App& app, int& status);
void add_doctor_command(CLI::App& app, int& status);
void add_causes_command(CLI::App& app, int& status);
void add_syscalls_command(CLI::App& app, int& status);
void add_propagate_command(CLI::App& app, int& status);
void add_teach_command(CLI::App& app, int& status);
void add_isolated_command(CLI::App& app, int& status);
void add_transcripts_command(CLI::App& app, int& status);
/// A throw-away virtual machine.
void add_lab_command(CLI::App& app, int& status);
/// `weave` and `bind`: what is done to the book's pages before and after Doxygen.
void add_weave_command(CLI::App& app, int& status);

/// What a program can see and do inside each stage.
void add_matrix_command(CLI::App& app, int& status);
/// What an intruder gets there.
void add_attacks_command(CLI::App& app, int& status);
/// What one stage does that another does not.
void add_compare_command(CLI::App& app, int& status);
/// The system calls of a stage, explained.
void add_trace_command(CLI::App& app, int& status);

}  // namespace dockwright::workbook
