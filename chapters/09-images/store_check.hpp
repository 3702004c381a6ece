#pragma once
// `system check`: is the store whole? Every blob is read and its digest
// compared; every document that the index names must be there with all
// it names; every unpacked layer must have its mark.

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"

namespace dockwright {

/// Something that is wrong, where, and what to do.
struct Flaw {
  std::string where{};
  std::string what{};
  std::string cure{};
};

struct StoreReport {
  std::vector<Flaw> flaws{};  ///< Empty: the store is whole.
  std::uint64_t images = 0;
  std::uint64_t blobs = 0;
  std::uint64_t blob_bytes = 0;
  std::uint64_t layers = 0;
  std::uint64_t containers = 0;
  std::uint64_t records = 0;       ///< Of the cache of builds.
  std::uint64_t unused_blobs = 0;  ///< No flaw: `image prune` takes it.
  std::uint64_t unused_layers = 0;
  std::uint64_t leftovers = 0;  ///< In tmp/: of programs that run.
};

[[nodiscard]] StoreReport check_store(const Store& store);

}  // namespace dockwright
