#pragma once
// The context of a build: the directory whose files COPY and ADD may
// take. Nothing outside it is reached: every path is resolved inside
// its root. It may come as an archive on standard input, or from a git
// repository; then it lies below the store's tmp/ until it is closed.

#include <memory>
#include <optional>
#include <string>

#include "chapters/08-layers/archive_limits.hpp"
#include "chapters/08-layers/stream.hpp"
#include "chapters/09-images/store.hpp"
#include "chapters/11-dockerfile/copy/copy.hpp"

namespace dockwright {

class Context {
 public:
  /// A directory of ours. @throws Failure when it is none
  [[nodiscard]] static Context directory(const std::string& path);
  /// An empty one: a Dockerfile came alone.
  [[nodiscard]] static Context empty(const Store& store);
  /// What an archive (tar, plain or packed) has in it.
  [[nodiscard]] static Context archive(const Store& store,
                                       std::unique_ptr<Source> bytes,
                                       const ArchiveLimits& limits);
  Context(Context&& other) noexcept;
  Context& operator=(Context&&) = delete;
  ~Context();

  [[nodiscard]] const UniqueFd& root() const noexcept { return root_; }
  /// A file of it, of at most `limit` bytes, whatever the ignore rules
  /// say; nothing when there is none. @throws Failure
  [[nodiscard]] std::optional<std::string> read(
      const std::string& path, std::size_t limit) const;
  /// As COPY sees it; the context and `filter` must outlive it.
  [[nodiscard]] CopyTree tree(
      const PathFilter* filter = nullptr) const {
    return {.root = &root_, .filter = filter};
  }
  /// Whether its files are yesterday's: what was unpacked just now has
  /// never been seen before.
  [[nodiscard]] bool lasts() const noexcept {
    return store_ == nullptr;
  }

  // For the modules beside this one

  /// Goes down into a directory of it. @throws Failure when it is none
  void descend(const std::string& path);
  /// A new directory below the store's tmp/.
  [[nodiscard]] static Context temporary(const Store& store);

 private:
  explicit Context(UniqueFd root) : root_{std::move(root)} {}

  UniqueFd root_;
  const Store* store_ = nullptr;  ///< Where it is removed from.
  std::string name_{};
};

}  // namespace dockwright
