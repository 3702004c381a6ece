#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace dockwright::workbook {

/// What the workbook remembers of a reader: `my/progress`, a text that may be read and mended by hand.
///
///     passed 2.1
///     hint 2.2 1
class Progress {
 public:
  /// Reads the file; a missing one is an empty one. @throws std::runtime_error "FILE:LINE: …"
  static Progress load(const std::filesystem::path& my);
  /// Writes it beside and renames.
  void save() const;

  [[nodiscard]] bool has_passed(const std::string& id) const { return passed_.count(id) > 0; }
  [[nodiscard]] int hints_shown(const std::string& id) const;
  void pass(const std::string& id) { passed_.insert(id); }
  void show_hint(const std::string& id, int count) { hints_[id] = count; }
  /// Forgets the exercises of a chapter.
  void forget(int chapter);

 private:
  explicit Progress(std::filesystem::path file) : file_{std::move(file)} {}

  std::filesystem::path file_;
  std::set<std::string> passed_;
  std::map<std::string, int> hints_;
};

}  // namespace dockwright::workbook
