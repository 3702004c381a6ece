#pragma once
// Where copies land: the root of an image, whose links may lead
// anywhere inside it. The kernel resolves every path there (chapter 2);
// what is missing is made in the directory that we hold open.
//
// A directory that something is put into would get the time of now, and
// two builds on two days two digests. So each gets back the times that
// it had, and one that is made on the way those of what is copied.

#include <sys/stat.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "chapters/11-dockerfile/copy/owner.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

enum class ImageLinks {
  follow,
  replace,  ///< `--link`: by a directory.
};

class TargetTree {
 public:
  /// What is made on the way belongs to `owner`.
  TargetTree(const UniqueFd& root, const Owner& owner, ImageLinks links)
      : root_{root}, owner_{owner}, links_{links} {}
  TargetTree(TargetTree&&) = delete;

  /// The directory at a path from the root, made with all that is
  /// missing of it, with the mode 0755 and `time`. @throws Failure
  const UniqueFd& directory(const std::string& path,
                            const timespec& time);
  /// Whether there is a directory.
  [[nodiscard]] bool is_directory(const std::string& path) const;
  /// Where a file at this path really lies: a link there is followed.
  [[nodiscard]] std::string real_place(std::string path) const;

  /// Gives all directories their times.
  void finish();

 private:
  struct Directory {
    UniqueFd fd{};
    timespec times[2] = {};
  };
  using Number = std::pair<dev_t, ino_t>;
  UniqueFd make(const std::string& path, const timespec& time,
                int links);
  UniqueFd make_in(const UniqueFd& parent, const std::string& path,
                   const timespec& time);
  [[nodiscard]] std::optional<UniqueFd> try_open(
      const std::string& path, int flags) const;
  const UniqueFd& remember(UniqueFd fd, const timespec* time);

  const UniqueFd& root_;
  Owner owner_;
  ImageLinks links_;
  std::map<std::string, const UniqueFd*> known_{};
  std::map<Number, Directory> touched_{};
};

}  // namespace dockwright
