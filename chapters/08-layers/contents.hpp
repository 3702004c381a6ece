#pragma once
// What a layer says, without its bytes: names and sizes, as a tree. It
// is read from an archive, which need not be unpacked for that, or from
// a directory in overlay's form. Several of them laid over each other
// are what a container would see.

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "chapters/08-layers/archive_limits.hpp"
#include "chapters/08-layers/archive_reader.hpp"
#include "chapters/08-layers/whiteouts.hpp"

namespace dockwright {

struct Node {
  enum class Kind { directory, file, link, special, whiteout };
  Kind kind = Kind::directory;
  /// Of a file; a further name of a file that was counted has none.
  std::uint64_t size = 0;
  /// Of a directory: what lower layers have in it is not seen.
  bool opaque = false;
  mode_t mode = 0;
  uid_t user = 0;
  gid_t group = 0;
  std::string link{};  ///< Where a symbolic link leads.
  std::map<std::string, Node> children{};
};

/// A layer's directory. @throws SystemCallError
[[nodiscard]] Node read_contents(const UniqueFd& directory,
                                 Whiteouts whiteouts);

/// A layer's archive, plain or packed. @throws Failure
[[nodiscard]] Node read_contents(std::unique_ptr<Source> archive,
                                 const ArchiveLimits& limits);

/// Lays `layer` over `below`.
void lay_over(Node& below, const Node& layer);

/// How many there are in a tree (directories are not counted), and how
/// large they are.
struct Amount {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  Amount& operator+=(const Amount& more) noexcept {
    files += more.files;
    bytes += more.bytes;
    return *this;
  }
  bool operator==(const Amount&) const = default;
};
[[nodiscard]] Amount amount_of(const Node& node) noexcept;

}  // namespace dockwright
