#pragma once
// The layers that the unpacking benchmark is about: made anew, and the same on every machine.

#include <cstdint>
#include <string>

namespace dockwright::bench {

struct MadeLayer {
  std::string gzip{};  ///< Paths.
  std::string zstd{};
  std::string diff_id{};
  std::string gzip_digest{};
  std::uint64_t gzip_bytes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
};

/// A layer of many small files, as a tree of packages for Python or Node.js is: most have 1 to 12 KB, one in
/// four hundred half a megabyte; they compress to a third. About `megabytes` when packed by gzip; `directory`
/// gets both packed forms.
MadeLayer make_small_files(const std::string& directory, std::uint64_t megabytes);

/// One layer of `megabytes` when unpacked, in few large files, packed by gzip; its path.
std::string make_large_files(const std::string& directory, std::uint64_t megabytes);

/// An image of this one layer as a directory `layout` in the OCI image layout, tagged `bench`, and the same
/// as `layout.tar`; where other tools need one.
void make_layout(const std::string& directory, const MadeLayer& layer);

}  // namespace dockwright::bench
