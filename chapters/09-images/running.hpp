#pragma once
// What a running container writes, in containers/ID of the store. Its
// owner holds a lock on that directory: where nobody does, the owner
// was killed, and the next command removes it. The file `uses` in it
// names what the container needs from the store; it stays there.

#include <string>
#include <vector>

#include "chapters/09-images/store.hpp"

namespace dockwright {

/// A container's directory, gone with its owner.
class RunningContainer {
 public:
  /// `image`: its manifest; `layers`: the diff IDs of what it stands
  /// on.
  RunningContainer(const Store& store, const Descriptor& image,
                   const std::vector<Digest>& layers);
  /// For what stands on no image. It is not noted what it needs: the
  /// store must be held open.
  explicit RunningContainer(const Store& store);
  RunningContainer(RunningContainer&&) noexcept = default;
  RunningContainer& operator=(RunningContainer&&) = delete;
  /// Removes the directory and all that the container wrote.
  ~RunningContainer();

  /// 64 hexadecimal digits, as Docker's.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const UniqueFd& directory() const noexcept {
    return directory_;
  }
  /// The directory's path, for messages.
  [[nodiscard]] const std::string& path() const noexcept {
    return path_;
  }
  /// Leaves the directory where it is when its owner goes.
  void keep() noexcept { kept_ = true; }

 private:
  std::string id_;
  std::string path_;
  UniqueFd parent_;
  UniqueFd directory_;  ///< It carries the lock.
  bool kept_ = false;
};

/// What a container uses whose owner lives.
struct InUse {
  std::string container{};
  std::optional<Descriptor> image{};
  std::vector<Digest> layers{};
};
[[nodiscard]] std::vector<InUse> containers_in_use(const Store& store);

/// Removes the directories whose owners are gone. @pre the store is
/// ours alone
void sweep_containers(const Store& store);

}  // namespace dockwright
