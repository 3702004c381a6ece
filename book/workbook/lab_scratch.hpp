#pragma once

#include <filesystem>
#include <string>

/// The laboratory's disk: an ext4 file system for /tmp. Everything else in there is memory or a share, and on
/// neither the laboratory's kernel can show files under other owners (id-mapped mounts, chapter 6: tmpfs has
/// learnt it in Linux 6.3).
namespace dockwright::workbook {

struct Scratch {
  std::string disk{};     ///< a file; empty: there is none, and /tmp is memory
  std::string why_not{};  ///< then what it lacks
};

/// An empty file system in `cache`, made the first time; QEMU writes to a copy of its own.
/// @throws Failure when mke2fs is there and fails
Scratch find_or_make_scratch(const std::filesystem::path& cache);

}  // namespace dockwright::workbook
