#include "book/workbook/cpio.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

/// Names and contents begin at multiples of four.
void align(std::string& bytes) { bytes.append((4 - bytes.size() % 4) % 4, '\0'); }

std::string header(unsigned number, unsigned mode, std::size_t size, unsigned major, unsigned minor,
                   std::size_t name_size) {
  // magic, inode, mode, user, group, links, time, size, device (2), device that it is (2), name, checksum
  return fmt::format("070701{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}",
                     number, mode, 0, 0, 1, 0, size, 0, 0, major, minor, name_size, 0);
}

}  // namespace

bool CpioArchive::is_new(const std::string& name) {
  const auto slash = name.rfind('/');
  if (slash != std::string::npos && slash > 0) add_directory(name.substr(0, slash));
  return names_.insert(name).second;
}

void CpioArchive::add(const Entry& entry, std::string_view content) {
  const auto name = entry.name + '\0';
  bytes_ += header(++number_, entry.mode, content.size(), entry.major, entry.minor, name.size());
  bytes_ += name;
  align(bytes_);
  bytes_ += content;
  align(bytes_);
}

void CpioArchive::add_directory(const std::string& name, unsigned mode) {
  if (is_new(name)) add({.name = name, .mode = S_IFDIR | mode}, {});
}

void CpioArchive::add_file(const std::string& name, std::string_view content, unsigned mode) {
  if (is_new(name)) add({.name = name, .mode = S_IFREG | mode}, content);
}

void CpioArchive::add_link(const std::string& name, const std::string& target) {
  if (is_new(name)) add({.name = name, .mode = S_IFLNK | 0777}, target);
}

void CpioArchive::add_character_device(const std::string& name, unsigned mode, unsigned major,
                                       unsigned minor) {
  if (is_new(name)) add({.name = name, .mode = S_IFCHR | mode, .major = major, .minor = minor}, {});
}

void CpioArchive::add_tree(const fs::path& source, const std::string& name) {
  std::error_code unknown;
  const auto status = fs::symlink_status(source, unknown);
  const auto mode = static_cast<unsigned>(status.permissions()) & 07777;
  if (unknown || ::faccessat(-1, source.c_str(), R_OK, AT_SYMLINK_NOFOLLOW) == -1) return;
  if (fs::is_symlink(status)) {
    add_link(name, fs::read_symlink(source).string());
  } else if (fs::is_regular_file(status)) {
    add_file(name, read_file(source), mode);
  } else if (fs::is_directory(status)) {
    add_directory(name, mode);
    for (const auto& entry : fs::directory_iterator{source, unknown})
      add_tree(entry.path(), name + "/" + entry.path().filename().string());
  }
}

std::string CpioArchive::finish() const {
  std::string bytes = bytes_;
  const std::string end{"TRAILER!!!", 11};
  bytes += header(0, 0, 0, 0, 0, end.size());
  bytes += end;
  align(bytes);
  return bytes;
}

}  // namespace dockwright::workbook
