#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dockwright::workbook {

/// What this machine can do. All look-ups go through `root` and `path`, so that a test can describe a machine
/// that lacks things as a directory.
class Machine {
 public:
  Machine(std::filesystem::path root, std::vector<std::filesystem::path> path)
      : root_{std::move(root)}, path_{std::move(path)} {}

  /// This machine, or the one that DOCTOR_ROOT and PATH describe.
  static Machine here();

  [[nodiscard]] bool is_this_one() const { return root_ == "/"; }
  [[nodiscard]] std::filesystem::path file(const std::string& absolute) const;
  [[nodiscard]] bool has_file(const std::string& absolute) const;
  /// The first of PATH's files of that name, or an empty path.
  [[nodiscard]] std::filesystem::path program(const std::string& name) const;
  /// The first line of a small file, such as a sysctl; empty when there is none.
  [[nodiscard]] std::string first_line(const std::string& absolute) const;

  enum class CgroupMode { none, v1, hybrid, v2 };
  [[nodiscard]] CgroupMode cgroup_mode() const;
  /// Why user namespaces cannot be used by a user, in one sentence; empty when they can.
  [[nodiscard]] std::string no_user_namespaces() const;
  /// The kernel's release, "6.1.0-18-amd64".
  [[nodiscard]] std::string kernel() const;

 private:
  std::filesystem::path root_;
  std::vector<std::filesystem::path> path_;
};

/// Whether this machine has what a chapter, check or transcript needs (root, userns, net, cgroup2, online).
bool has_need(const Machine& machine, const std::string& need);

/// Those needs that it lacks, "root, cgroup2"; empty when it has all.
std::string lacking(const Machine& machine, const std::vector<std::string>& needs);

}  // namespace dockwright::workbook
