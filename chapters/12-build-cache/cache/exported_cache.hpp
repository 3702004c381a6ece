#pragma once
// The cache, carried elsewhere: `--cache-to type=local,dest=DIR` writes
// what this build used, `--cache-from type=local,src=DIR` finds it. The
// directory is an OCI image layout with one artifact: its config lists
// the records, its layers are theirs.
//
//     DIR/oci-layout
//     DIR/index.json            -> the artifact's manifest
//     DIR/blobs/sha256/HEX      manifest, config, layers
//
// Whoever names such a directory trusts it: it says which layer a step
// makes. What it cannot do is give a layer another digest, or a record
// another key, than they have.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chapters/12-build-cache/cache/build_cache.hpp"

namespace dockwright {

/// `--cache-to` or `--cache-from`, its words understood.
struct CachePlace {
  std::string directory{};
  bool all_stages = false;  ///< `mode=max`
};
/// @throws Failure for what is no directory: `type=registry`
[[nodiscard]] CachePlace parse_cache_place(const char* option,
                                           std::string_view text);

/// Writes the records and their layers; what the directory held before
/// is forgotten, but for layers that are the same.
void export_cache(const Store& store,
                  const std::vector<CacheRecord>& records,
                  const std::string& directory);

/// The records in such a directory.
class ForeignCache {
 public:
  /// @throws Failure where it is none
  explicit ForeignCache(const std::string& directory);

  /// What such a step made; its layer is brought into the store.
  /// @throws Failure when the layer is damaged
  [[nodiscard]] std::optional<CacheRecord> find(
      const Store& store, const StepInputs& inputs) const;

 private:
  UniqueFd blobs_;
  std::map<Digest, CacheRecord> records_{};
};

}  // namespace dockwright
