#pragma once
// `RUN --mount=type=cache`: a directory that outlives its step, for
// what a package manager would fetch again. It is no part of the image,
// and no input of the step: a step must come to the same without it.
//
//     mounts/HEX/id        how it is called, for people
//     mounts/HEX/0/fs      the directory
//     mounts/HEX/1/fs      another one: two want one alone
//
// Who uses one holds a lock on its number: `locked` waits until it is
// alone, `shared` is content with others who share, `private` takes the
// first number that nobody has.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"
#include "chapters/09-images/timestamp.hpp"
#include "chapters/11-dockerfile/syntax/run_mount.hpp"

namespace dockwright {

constexpr const char* kMountsDirectory = "mounts";

struct CacheRequest {
  std::string id{};
  std::string
      seed_name{};  ///< `from` and `source`; empty: begins empty.
  RunMount::Sharing sharing = RunMount::Sharing::shared;
  mode_t mode = 0755;
  std::uint32_t user = 0;
  std::uint32_t group = 0;
};

/// A cache that is in use.
struct CacheMount {
  std::string path{};  ///< The directory.
  UniqueFd lock{};     ///< Held as long as the step runs.
};

/// Opens the cache, and makes it, where it is not there, with what
/// `fill` puts into it. `root`: of the store.
[[nodiscard]] CacheMount open_mount_cache(
    const std::string& root, const CacheRequest& request,
    const std::function<void(const UniqueFd& directory)>& fill);

/// A cache that lies in the store, as a list shows it.
struct MountCacheEntry {
  std::string name{};  ///< HEX/NUMBER
  std::string id{};    ///< What the Dockerfile calls it.
  Seconds used = 0;    ///< When last.
  std::uint64_t bytes = 0;
  bool in_use = false;
};
[[nodiscard]] std::vector<MountCacheEntry> mount_caches(
    const Store& store);

/// Removes a cache; false when it is in use.
bool remove_mount_cache(const Store& store,
                        const MountCacheEntry& entry);

}  // namespace dockwright
