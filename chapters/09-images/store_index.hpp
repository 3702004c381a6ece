#pragma once
// index.json: the one file of the store that changes. It says which
// manifests there are and how they are called. A name is an annotation,
// twice: `flask:latest` as OCI has it, and whole as containerd has it.
// What a list of images shows is noted there, too, so that `images`
// reads this one file, and not two more for each image.
//
// Whoever changes it holds `index.lock`, reads it, and puts a new one
// in its place; whoever reads it needs no lock.

#include <optional>
#include <string>

#include "chapters/09-images/store.hpp"

namespace dockwright {

/// The index as it is.
[[nodiscard]] Index read_index(const Store& store);

/// The entry that has this very name, written out; the others are not
/// read. Nothing where it needs a closer look.
[[nodiscard]] std::optional<Descriptor> entry_of(const Store& store,
                                                 const Reference& name);

/// The index, ours to change until we go.
class IndexChange {
 public:
  explicit IndexChange(const Store& store);
  [[nodiscard]] Index& index() noexcept { return index_; }
  /// Puts the index in the place of the old one, on the disk.
  void save() const;

 private:
  const Store& store_;
  UniqueFd lock_;
  Index index_;
};

/// The name that an entry has, if we understand it.
[[nodiscard]] std::optional<Reference> name_of(const Descriptor& entry);
void set_name(Descriptor& entry, const Reference& name);
void clear_name(Descriptor& entry);

/// What a list shows of the entry, as it was noted; nothing where it
/// was not.
[[nodiscard]] std::optional<StoredImage> noted(const Descriptor& entry);
/// Reads the image's documents for it. `whole`: all of it will hold,
/// and can be noted.
struct Summary {
  StoredImage image;
  std::optional<Digest> manifest{};  ///< This platform's.
  bool whole = false;
};
[[nodiscard]] Summary summarise(const Store& store,
                                const Descriptor& entry);
void note(Descriptor& entry, const StoredImage& image);

}  // namespace dockwright
