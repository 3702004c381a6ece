#pragma once
// Where the matrix is measured. Probes rename hosts, mount file systems and look for processes to kill, and
// stages 1 and 2 do nothing against it. So nothing of it happens on the reader's machine: the harness first
// makes a throw-away "host" from namespaces of its own (processes, mounts, host name, System V memory), and
// runs the stages inside.
//
//     workbook ── waits, and kills the laboratory on Ctrl-C
//       └─ process 1 of the laboratory: collects orphans; when it ends, the kernel ends everything below it
//            └─ the worker: makes the "host" and its secrets, runs the probes, prints
//
// Nothing can be left behind: not a process, since they end with process 1, and not a mount, since they are
// in its mount namespace. Not even kill -9 of the workbook changes that: process 1 asks for a signal at its
// parent's death. Only control groups are in no namespace: those that crun and runc made for us bear the
// workbook's process number, and are removed after an interrupted run, by this workbook or, after kill -9, by
// the next.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dockwright::workbook::matrix {

/// A name for what is shared with the machine, containers of peers and abstract sockets: no other run has the
/// same.
[[nodiscard]] const std::string& laboratory_name();

/// Removes the control groups of runs of a workbook that has ended, and of this one.
void remove_groups_of_ended_runs();

/// Runs `work` as the worker of a laboratory and gives back its exit code; 130 and the like after a signal.
/// Needs root. @throws std::system_error when the laboratory cannot be made
int in_laboratory(const std::function<int()>& work);

/// A directory, below which the worker may mount a file system of its own without hiding `needed`: one of
/// those that every Debian has and nobody needs here. @throws std::runtime_error when there is none
[[nodiscard]] std::filesystem::path laboratory_directory(const std::filesystem::path& needed);

/// The numbers of all processes of the laboratory.
[[nodiscard]] std::vector<int> processes();

/// Whether a process of that name runs in the laboratory. One that has ended and was not yet collected does
/// not.
[[nodiscard]] bool runs(std::string_view name);

/// Ends every process of the laboratory but process 1, the worker and `spared`. Only the worker may call it.
void end_all_but(int spared);

}  // namespace dockwright::workbook::matrix
