#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace dockwright::workbook {

/// An archive as the kernel unpacks it for a root file system in memory (cpio, format "newc"). It is made in
/// memory and needs neither root nor a staging directory: owners, modes and device nodes are only numbers in
/// it.
class CpioArchive {
 public:
  /// Directories above are added by themselves. A name that is there already is left as it was.
  void add_directory(const std::string& name, unsigned mode = 0755);
  void add_file(const std::string& name, std::string_view content, unsigned mode);
  void add_link(const std::string& name, const std::string& target);
  void add_character_device(const std::string& name, unsigned mode, unsigned major, unsigned minor);
  /// A file, link or directory of this machine with all below it; what cannot be read is left out.
  void add_tree(const std::filesystem::path& source, const std::string& name);

  [[nodiscard]] bool has(const std::string& name) const { return names_.count(name) > 0; }
  /// The whole archive, with its end.
  [[nodiscard]] std::string finish() const;

 private:
  struct Entry {
    std::string name{};
    unsigned mode = 0;
    unsigned major = 0;
    unsigned minor = 0;
  };
  void add(const Entry& entry, std::string_view content);
  bool is_new(const std::string& name);

  std::string bytes_{};
  std::set<std::string> names_{};
  unsigned number_ = 0;
};

}  // namespace dockwright::workbook
