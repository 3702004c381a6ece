#pragma once
// What is kept beside the images. A build (chapter 12) keeps the layers
// of its steps, so that the next build need not make them again: each
// step has a record in `cache/`, a JSON document that says below
// `keeps` what it needs. Here only that is read: enough to let those
// layers live, and to find a record that has lost them.
//
// A record is called by the digest of its `inputs`, all that decided
// what the step made. A record with another name is none.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"

namespace dockwright {

constexpr const char* kCacheDirectory = "cache";

/// A record, as far as it keeps something.
struct Kept {
  std::string name{};  ///< Of its file, and of what it was made from.
  std::vector<Descriptor> blobs{};
  std::vector<Digest> layers{};  ///< By diff ID.
};

/// Reads what a record keeps. @throws Failure where it is damaged
[[nodiscard]] Kept parse_kept(const std::string& name,
                              const std::string& text);

/// All records: those that are damaged keep nothing.
struct KeptRecords {
  std::vector<Kept> whole{};
  std::vector<std::string> damaged{};  ///< Their names.
};
[[nodiscard]] KeptRecords kept_records(const Store& store);

}  // namespace dockwright
