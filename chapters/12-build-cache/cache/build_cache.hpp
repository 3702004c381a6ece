#pragma once
// The cache of builds, in the store. Records are found by their keys;
// when one was last used is the time of its file. That time decides
// what goes first when room is needed, and nothing else.
//
// A build does not wait for the disk after each step, but once, at its
// end. Until then a power cut may take a layer and leave its record. So
// a record names the boot in which it was made and counts in that one
// only, until it is *sealed*: made unwritable, after the disk has all.
//
// Two builds that come to the same step at once do not both do it: who
// takes the turn first makes it, the other one waits, and finds it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chapters/09-images/kept.hpp"
#include "chapters/12-build-cache/cache/cache_record.hpp"

namespace dockwright {

/// A record, as the list of them shows it.
struct CacheEntry {
  std::string name{};  ///< The key's digits.
  CacheRecord record{};
  Seconds used = 0;         ///< When last.
  std::uint64_t bytes = 0;  ///< Of its layer, on this disk.
};

class BuildCache {
 public:
  /// @pre the store outlives it
  explicit BuildCache(const Store& store);

  /// What such a step made before, if all of it is still there. It
  /// counts as used now.
  [[nodiscard]] std::optional<CacheRecord> find(
      const StepInputs& inputs) const;
  void keep(const CacheRecord& record) const;
  /// The disk has the layers of these: they will outlive this boot.
  void seal(const std::vector<CacheRecord>& records) const;

  /// Our turn to make what has this key: others wait until the
  /// descriptor is closed, or we are dead.
  [[nodiscard]] UniqueFd take_turn(const Digest& key) const;

  /// All records that can be read, the last used one first.
  [[nodiscard]] std::vector<CacheEntry> entries() const;
  /// Forgets a record. Its layer goes with `collect`, if nobody else
  /// needs it.
  void forget(const std::string& name) const;

 private:
  [[nodiscard]] std::optional<ReadRecord> read(
      const std::string& name) const;
  [[nodiscard]] bool lasts(const std::string& name,
                           const ReadRecord& record) const;

  const Store& store_;
  UniqueFd directory_;
  std::string boot_;
};

}  // namespace dockwright
