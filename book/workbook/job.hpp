#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What a check or a transcript asks a sandbox to do, as plain data: it may have to travel to a process of
/// root's.
namespace dockwright::workbook {

/// One line typed, in one of the two terminals of a sandbox.
struct Step {
  enum class Where {
    shell,  ///< the first terminal's shell
    box,    ///< typed into what the first terminal's last command runs: a shell inside a container
    host,   ///< the second terminal's shell
  };
  Where where = Where::shell;
  std::string text;
  bool stays = false;  ///< this shell command goes on running while the box lines after it are typed
};

struct StepResult {
  std::string output;
  int exit_code = 0;
  bool timed_out = false;
};

/// A run of steps in a fresh sandbox: its own temporary directory and, for root, its own mount, UTS and IPC
/// namespaces.
struct Job {
  std::vector<Step> steps;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string rootfs;       ///< copied to `rootfs` in the temporary directory; empty: none
  bool terminal = false;    ///< the first shell gets a terminal of its own
  bool needs_root = false;  ///< if we are not root: through sudo
  /// A network of its own, with nothing in it but this machine: servers of two sandboxes never meet, and what
  /// one fetches cannot come from elsewhere. For root only.
  bool loopback = false;
  int seconds = 10;  ///< for each step
};

/// The results of as many steps as were run, and what went wrong with the sandbox itself.
struct JobReport {
  std::vector<StepResult> results;
  std::string problem;
};

/// Netstrings ("5:hello,"): nothing in an output has to be escaped.
std::string encode(const Job& job);
std::string encode(const JobReport& report);
Job decode_job(const std::string& text);
JobReport decode_report(const std::string& text);
/// Several of them, for one journey.
std::string encode(const std::vector<Job>& jobs);
std::string encode(const std::vector<JobReport>& reports);
std::vector<Job> decode_jobs(const std::string& text);
std::vector<JobReport> decode_reports(const std::string& text);

}  // namespace dockwright::workbook
