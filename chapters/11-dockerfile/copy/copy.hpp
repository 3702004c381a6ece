#pragma once
// COPY and ADD. It goes in three steps, and the second one alone can
// tell that the third need not be done:
//
//     select          which files the sources name, links and
//                     wildcards resolved in the tree they come from
//     content_digest  what is in them: names, kinds, modes, owners,
//                     bytes, never times. The cache's key (chapter 12)
//     copy_selection  into the root of the image
//
// Where a copy lands is Docker's to say:
//
//     file       dest/    dest/file, directories made as needed
//     file       dest     dest/file where dest is a directory; else
//                         dest is the file
//     directory  dest     what is *in* it goes into dest
//     several    dest/    the slash is needed
//
// A link that a source names is followed, inside its tree; a link that
// is found in a directory is copied as it is. Links in the destination
// are followed by the kernel, inside the image.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/09-images/timestamp.hpp"
#include "chapters/11-dockerfile/copy/mode_change.hpp"
#include "chapters/11-dockerfile/copy/path_filter.hpp"
#include "common/digest.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

class HashCache;

/// To whom the copies belong, unless `--chown` says otherwise.
enum class Ownership {
  root,  ///< Files of a context.
  kept,  ///< Files of a stage or an image.
};

/// Where files come from. What it points to outlives it.
struct CopyTree {
  const UniqueFd* root = nullptr;  ///< An open directory.
  const PathFilter* filter = nullptr;
  Ownership owners = Ownership::root;
};

/// A heredoc: a file whose contents stand in the Dockerfile.
struct InlineFile {
  std::string name{};
  std::string body{};
};

/// A source that was an address, fetched by now (remote.hpp).
struct FetchedSource {
  CopyTree tree{};
  std::string file{};  ///< In it; empty: all that is in it.
  bool unpack = false;
};

/// What COPY or ADD is asked for.
struct CopyRequest {
  std::string instruction = "COPY";  ///< For messages.
  std::vector<std::string> sources{};
  std::vector<InlineFile> inline_files{};
  std::map<std::string, FetchedSource> fetched{};  ///< By source.
  std::string destination{};
  std::string owner{};               ///< `--chown`, as written.
  std::optional<ModeChange> mode{};  ///< `--chmod`
  bool parents = false;
  bool link = false;    ///< Links of the image are not followed.
  bool unpack = false;  ///< ADD: archives become what is in them.
  std::vector<std::string> excludes{};
  Seconds time = 0;  ///< Of what has no time of its own.
};

/// A source, once it is found.
struct CopyItem {
  enum class Kind { file, directory, inline_file };
  Kind kind = Kind::file;
  CopyTree tree{};
  std::string path{};  ///< In its tree; links are resolved.
  /// Where it lands in a directory: its name, and before it, with
  /// `--parents`, directories of the source.
  std::string landing{};
  std::string base{};  ///< Where in the tree those begin.
  std::string body{};  ///< Of an inline file.
  bool unpack = false;
};

/// What is to be copied, in an order that depends on names alone.
struct CopySelection {
  CopyRequest request{};
  std::vector<CopyItem> items{};
  bool wildcard = false;  ///< Among the sources.
};

/// Finds the sources. A wildcard that fits nothing is no error, as with
/// BuildKit. @throws Failure in Docker's words for what is not there
[[nodiscard]] CopySelection select(const CopyTree& tree,
                                   CopyRequest request);

/// What is in the files. `cache`, where there is one, knows files that
/// have not changed; it must not be given for files of a stage.
[[nodiscard]] Digest content_digest(const CopySelection& selection,
                                    HashCache* cache);

/// Copies into `root`, which is that of the image; a destination that
/// is no absolute path begins in `workdir`. Names of `--chown` are
/// looked up in the image's own files.
/// @throws Failure SystemCallError
void copy_selection(const CopySelection& selection,
                    const UniqueFd& root, std::string_view workdir);

}  // namespace dockwright
