#include "book/workbook/lab_jobs.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "book/workbook/isolation.hpp"
#include "book/workbook/lab.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace {

/// A translated machine takes so many times longer to start a program.
constexpr int kSlower = 6;

/// What the laboratory has, whoever the caller is.
bool lab_has(const std::string& need) {
  return need == "cgroup2" || need == "root" || need == "userns" || need == "net";
}

std::vector<JobReport> all_failed(std::size_t count, const std::string& why) {
  return std::vector<JobReport>(count, JobReport{.results = {}, .problem = why});
}

/// One boot.
std::vector<JobReport> boot_for(const std::vector<Job>& jobs, bool as_root) {
  if (jobs.empty()) return {};
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  std::vector<std::string> command = {self, "lab"};
  if (!as_root) command.emplace_back("--user");
  command.insert(command.end(), {"--", self, "isolated", "--list"});
  const auto finished = run_program(command, {.input = encode(jobs), .output = Output::apart});
  if (finished.exit_code != 0) return all_failed(jobs.size(), "the laboratory: " + trim(finished.err));
  auto reports = decode_reports(finished.out);
  if (reports.size() != jobs.size()) return all_failed(jobs.size(), "the laboratory lost a report");
  return reports;
}

}  // namespace

bool belongs_in_lab(const Machine& machine, const std::vector<std::string>& needs) {
  return std::count(needs.begin(), needs.end(), "cgroup2") > 0 &&
         machine.cgroup_mode() != Machine::CgroupMode::v2 && no_lab(machine).empty();
}

std::string lacking_with_lab(const Machine& machine, const std::vector<std::string>& needs) {
  if (!belongs_in_lab(machine, needs)) return lacking(machine, needs);
  std::vector<std::string> others;
  std::copy_if(needs.begin(), needs.end(), std::back_inserter(others),
               [](const std::string& need) { return !lab_has(need); });
  return lacking(machine, others);
}

std::vector<JobReport> run_in_laboratory(const std::vector<Job>& jobs) {
  std::vector<JobReport> reports(jobs.size());
  for (const bool as_root : {true, false}) {
    std::vector<Job> some;
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < jobs.size(); ++at) {
      if (jobs[at].needs_root != as_root) continue;
      places.push_back(at);
      some.push_back(jobs[at]);
      some.back().seconds *= kSlower;
    }
    auto got = boot_for(some, as_root);
    for (std::size_t at = 0; at < got.size(); ++at) reports[places[at]] = std::move(got[at]);
  }
  return reports;
}

int serve_isolated_list() {
  std::vector<JobReport> reports;
  for (const auto& job : decode_jobs(read_to_end(STDIN_FILENO))) reports.push_back(run_isolated(job));
  const UniqueFd out{STDOUT_FILENO};
  write_all(out, encode(reports), "hand over the reports");
  return 0;
}

}  // namespace dockwright::workbook
