#pragma once
// One control group, which is one directory, and its owner here: made
// at birth, removed at the end, by whoever comes later if its owner was
// killed in between.
//
// How does a later stage know that a group is abandoned? Not by process
// numbers, which are reused. Each group is locked (flock) while its
// stage lives, and the kernel unlocks it at the end of any process,
// whatever ended it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/unique_fd.hpp"

namespace dockwright {

/// All names of our groups begin so.
inline constexpr std::string_view kGroupPrefix = "dockwright-";

/// A name that no group has: the prefix and twelve hexadecimal digits.
[[nodiscard]] std::string new_group_name();

/// A group that is ours.
class Group {
 public:
  /// Makes a group with a new name below the directory `parent`, and
  /// locks it: it says to other stages that somebody cares for it.
  /// @throws SystemCallError
  [[nodiscard]] static Group make_locked(const std::string& parent);
  /// Makes the group `name` below the directory `parent`. @throws
  /// SystemCallError
  Group(const std::string& parent, const std::string& name);
  Group(Group&&) = default;
  Group& operator=(Group&&) = delete;
  /// Kills what is still in it, and removes it.
  ~Group();

  /// Writes one of its settings. @throws SystemCallError
  void write(const std::string& file, std::string_view value) const;
  /// What one of its files says; empty when it has no such file.
  [[nodiscard]] std::string read(const std::string& file) const;
  [[nodiscard]] bool has(const std::string& file) const;
  /// The number behind a word in one of its files, such as `oom_kill 3`
  /// in memory.events; 0 when it is not there.
  [[nodiscard]] std::uint64_t figure(const std::string& file,
                                     std::string_view word) const;
  /// The open directory.
  [[nodiscard]] const UniqueFd& directory() const noexcept {
    return directory_;
  }
  [[nodiscard]] const std::string& path() const noexcept {
    return path_;
  }

 private:
  Group() = default;

  std::string path_{};
  UniqueFd directory_{};
};

/// The groups between a tree's top, or where we may begin, and ours.
/// Those that were missing are made, and removed at the end if nobody
/// else has come to use them.
class Parents {
 public:
  /// Goes down from the directory `path` along `names` (`/lab/room-1`).
  /// `pass` is called with each directory on the way, the last one too,
  /// before anything is made in it. @throws SystemCallError
  Parents(std::string path, std::string_view names,
          const std::function<void(const std::string&)>& pass);
  Parents(Parents&&) = default;
  Parents& operator=(Parents&&) = delete;
  ~Parents();
  /// The directory to make our group in.
  [[nodiscard]] const std::string& path() const noexcept {
    return path_;
  }

 private:
  std::string path_;
  std::vector<std::string> made_{};
};

/// Names of the groups of ours below `parent`, abandoned or not.
[[nodiscard]] std::vector<std::string> groups_below(
    const std::string& parent);

/// The lock of a group, if nobody holds it any more. While we have it
/// no other stage takes the group for its own, or for abandoned.
[[nodiscard]] UniqueFd lock_if_abandoned(const std::string& path);

/// Kills all processes of a group and removes it; nothing happens where
/// there is no such group.
void kill_and_remove(const std::string& path);

}  // namespace dockwright
