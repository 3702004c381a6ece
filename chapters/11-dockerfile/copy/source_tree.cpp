#include "chapters/11-dockerfile/copy/source_tree.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <climits>
#include <deque>

#include "chapters/08-layers/layer_tree.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr int kMostLinks = 40;  // as the kernel's

bool is_left(const CopyTree& tree, const std::string& path,
             const struct stat& status) {
  if (tree.filter == nullptr || path.empty()) return false;
  const bool directory = S_ISDIR(status.st_mode);
  const Verdict verdict = tree.filter->judge(path, directory);
  return verdict == Verdict::leave ||
         (verdict == Verdict::look && !directory);
}

/// One path on its way through a tree.
class Way {
 public:
  explicit Way(const CopyTree& tree) : tree_{tree} {}

  std::optional<FoundFile> go(std::string_view path, LastLink last) {
    push(path);
    //! [way]
    while (!rest_.empty()) {
      std::string name = std::move(rest_.front());
      rest_.pop_front();
      if (name == "..") {
        if (!open_.empty()) open_.pop_back(), names_.pop_back();
        continue;
      }
      struct stat status {};
      if (!look(name, status)) return std::nullopt;
      const std::string here = path_to(name);
      if (is_left(tree_, here, status)) return std::nullopt;
      if (S_ISLNK(status.st_mode) &&
          (last == LastLink::follow || !rest_.empty())) {
        follow(name, here);
        continue;
      }
      if (rest_.empty())
        return FoundFile{duplicate(), name, here, status};
      if (!S_ISDIR(status.st_mode)) return std::nullopt;
      enter(std::move(name), here);
    }
    //! [way]
    return here();
  }

 private:
  void push(std::string_view path) {
    std::vector<std::string> parts;
    for (std::string_view rest = path; !rest.empty();) {
      const std::size_t end = std::min(rest.find('/'), rest.size());
      const std::string_view part = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (!part.empty() && part != ".") parts.emplace_back(part);
    }
    rest_.insert(rest_.begin(), parts.begin(), parts.end());
  }

  [[nodiscard]] const UniqueFd& top() const {
    return open_.empty() ? *tree_.root : open_.back();
  }
  [[nodiscard]] std::string path_to(const std::string& name) const {
    return names_.empty()
               ? name
               : fmt::format("{}/{}", fmt::join(names_, "/"), name);
  }
  [[nodiscard]] UniqueFd duplicate() const {
    return UniqueFd{check_call(
        "openat",
        ::openat(top().get(), ".", O_PATH | O_DIRECTORY | O_CLOEXEC),
        "open a directory of the sources")};
  }

  bool look(const std::string& name, struct stat& status) const {
    const int result = ::fstatat(top().get(), name.c_str(), &status,
                                 AT_SYMLINK_NOFOLLOW);
    if (result == -1 && (errno == ENOENT || errno == ENAMETOOLONG))
      return false;
    check_call("newfstatat", result, "look at {:.200}", path_to(name));
    return true;
  }

  void follow(const std::string& name, const std::string& path) {
    if (++links_ > kMostLinks)
      throw Failure{fmt::format(
          "{:.200}: too many levels of symbolic links", path)};
    const std::string target = read_link(top(), name);
    if (target.starts_with('/')) open_.clear(), names_.clear();
    push(target);
  }

  void enter(std::string name, const std::string& path) {
    open_.emplace_back(check_call(
        "openat",
        ::openat(top().get(), name.c_str(),
                 O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
        "enter {:.200}", path));
    names_.push_back(std::move(name));
  }

  /// The path ended with `..` or a link to a directory on the way.
  [[nodiscard]] FoundFile here() const {
    FoundFile found{duplicate(), ".",
                    fmt::format("{}", fmt::join(names_, "/"))};
    check_call("fstat", ::fstat(found.directory.get(), &found.status),
               "look at a directory of the sources");
    return found;
  }

  const CopyTree& tree_;
  std::deque<std::string> rest_{};
  std::vector<UniqueFd> open_{};
  std::vector<std::string> names_{};
  int links_ = 0;
};

}  // namespace

std::string read_link(const UniqueFd& directory,
                      const std::string& name) {
  std::string target(PATH_MAX, '\0');
  target.resize(static_cast<std::size_t>(
      check_call("readlinkat",
                 ::readlinkat(directory.get(), name.c_str(),
                              target.data(), target.size()),
                 "read the link {:.200}", name)));
  return target;
}

std::optional<FoundFile> find_file(const CopyTree& tree,
                                   std::string_view path,
                                   LastLink last) {
  return Way{tree}.go(path, last);
}

}  // namespace dockwright
