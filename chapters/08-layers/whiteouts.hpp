#pragma once
// How a layer says that something of the layers below it is gone. There
// are two languages for it, and this is the dictionary:
//
//     an archive (OCI image-spec)     a directory (overlay)
//     the file   dir/.wh.NAME         dir/NAME, a device 0:0
//     the file   dir/.wh..wh..opq     dir has the attribute
//                                     trusted.overlay.opaque=y
//
// So no file of an image can be called `.wh.` and something. Where
// overlay is mounted by a user's own root (`userxattr`), it looks for
// user.overlay.opaque: the trusted ones are for the real root.

#include <sys/stat.h>

#include <string>
#include <string_view>

namespace dockwright {

/// Whose attributes overlay reads: root's, or a user namespace's.
enum class Whiteouts { trusted, user };

constexpr std::string_view kWhiteoutPrefix = ".wh.";
constexpr std::string_view kOpaqueMarker = ".wh..wh..opq";

/// The attribute that makes a directory opaque; its value is `y`.
[[nodiscard]] constexpr const char* opaque_attribute(Whiteouts kind) {
  return kind == Whiteouts::trusted ? "trusted.overlay.opaque"
                                    : "user.overlay.opaque";
}

/// What a name in an archive means.
enum class NameKind {
  ordinary,
  whiteout,  ///< `.wh.NAME`: NAME is gone.
  opaque,    ///< `.wh..wh..opq`: all of the directory is gone.
  meta,      ///< `.wh..wh.…`: AUFS's own; everybody passes over it.
  invalid,   ///< `.wh.`, `.wh..`, `.wh...`: it names no entry.
};
[[nodiscard]] NameKind kind_of_name(std::string_view name) noexcept;

/// Whether it is overlay's whiteout: a character device 0:0.
[[nodiscard]] inline bool is_whiteout(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == 0;
}

}  // namespace dockwright
