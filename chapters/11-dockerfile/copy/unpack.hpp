#pragma once
// ADD of an archive: what is in it goes into the image, by the rules of
// chapter 8. Which files are archives is told by their bytes: a tar
// header, plain or packed by gzip or zstd. One that is packed by xz or
// bzip2 and says so in its name is refused.

#include <string>

#include "chapters/11-dockerfile/copy/source_tree.hpp"
#include "chapters/11-dockerfile/copy/target_writer.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// @throws Failure for an archive that we cannot read
[[nodiscard]] bool is_archive(const FoundFile& file);

/// Unpacks into the directory `destination` of the image `root`. Files
/// keep the owners that the archive names, or get that of the rules.
/// @throws Failure when the archive is damaged or hostile
void unpack_archive(const FoundFile& file, const UniqueFd& root,
                    const std::string& destination,
                    const CopyRules& rules);

}  // namespace dockwright
