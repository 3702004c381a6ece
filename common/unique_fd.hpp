#pragma once
// A file descriptor with one owner. A descriptor that is forgotten is a door that stays open: into a
// container it may carry a directory of the host (CVE-2024-21626). So every descriptor of ours has exactly
// one owner from birth, and is close-on-exec from birth.

#include <unistd.h>

#include <utility>

namespace dockwright {

/// Owns a file descriptor and closes it. Move-only; -1 means that there is none.
/// `close` is never retried: Linux has freed the number even when it answers EINTR (@man{close,2}).
class UniqueFd {
 public:
  UniqueFd() noexcept = default;
  explicit UniqueFd(int fd) noexcept : fd_{fd} {}
  UniqueFd(UniqueFd&& other) noexcept : fd_{other.release()} {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(other.release());  // safe for itself: released before it is taken
    return *this;
  }
  ~UniqueFd() { reset(); }

  /// The number, still owned by this object.
  [[nodiscard]] int get() const noexcept { return fd_; }
  /// Whether there is a descriptor at all.
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }
  /// Gives the descriptor away: whoever takes the number closes it.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  /// Closes what is owned and owns `fd` from here on. It forgets before it closes.
  void reset(int fd = -1) noexcept {
    if (const int old = std::exchange(fd_, fd); old >= 0) ::close(old);
  }

 private:
  int fd_ = -1;
};

}  // namespace dockwright
