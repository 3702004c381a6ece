// Walking over what a source names, and over what a wildcard may fit.

#include <fcntl.h>

#include <algorithm>

#include "chapters/08-layers/listing.hpp"
#include "chapters/11-dockerfile/copy/glob.hpp"
#include "chapters/11-dockerfile/copy/source_tree.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

/// Deeper than that, we would run out of descriptors.
constexpr std::size_t kDeepest = 256;

constexpr int kOpenDirectory =
    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

void check_depth(std::size_t depth, const std::string& path) {
  if (depth > kDeepest)
    throw Failure{fmt::format(
        "{:.200}… lies deeper than {} directories", path, kDeepest)};
}

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + '/' + name;
}

class Walk {
 public:
  Walk(const CopyItem& item, const PathFilter& excludes,
       TreeVisitor& visitor)
      : item_{item}, excludes_{excludes}, visitor_{visitor} {}

  void begin(const FoundFile& found) {
    if (found.is_directory())
      directory(found.directory, found.name, "", found.status);
    else
      visitor_.visit({found.directory, found.name, "", found.status});
  }

 private:
  /// A directory on the way down. Those that are left out wait for
  /// something in them.
  struct Level {
    const UniqueFd& parent;
    const UniqueFd& opened;
    const std::string& name;
    const std::string& path;
    const struct stat& status;
    bool entered;
    [[nodiscard]] TreeEntry entry() const {
      return {parent, name, path, status};
    }
  };

  [[nodiscard]] Verdict judge(const std::string& path,
                              const struct stat& status) const {
    const bool directory = S_ISDIR(status.st_mode);
    const Verdict excluded = excludes_.judge(path, directory);
    if (excluded == Verdict::leave || item_.tree.filter == nullptr)
      return excluded;
    const Verdict ignored =
        item_.tree.filter->judge(joined(item_.path, path), directory);
    return ignored == Verdict::take ? excluded : ignored;
  }

  void enter_waiting() {
    for (Level& level : levels_) {
      if (level.entered) continue;
      level.entered = true;
      visitor_.enter(level.entry(), level.opened);
    }
  }

  void directory(const UniqueFd& parent, const std::string& name,
                 const std::string& path, const struct stat& status) {
    check_depth(levels_.size(), path);
    const UniqueFd opened{check_call(
        "openat", ::openat(parent.get(), name.c_str(), kOpenDirectory),
        "open the directory {:.200}", joined(item_.path, path))};
    const bool taken =
        path.empty() || judge(path, status) == Verdict::take;
    levels_.push_back({parent, opened, name, path, status, false});
    if (taken) enter_waiting();
    for (const std::string& each : sorted_names(opened, path))
      entry(opened, each, joined(path, each));
    const Level level = levels_.back();
    levels_.pop_back();
    if (level.entered) visitor_.leave(level.entry(), opened);
  }

  void entry(const UniqueFd& parent, const std::string& name,
             const std::string& path) {
    struct stat status {};
    if (::fstatat(parent.get(), name.c_str(), &status,
                  AT_SYMLINK_NOFOLLOW) == -1) {
      if (errno == ENOENT) return;  // gone since it was listed
      check_call("newfstatat", -1, "look at {:.200}", path);
    }
    const Verdict verdict = judge(path, status);
    if (verdict == Verdict::leave) return;
    if (S_ISDIR(status.st_mode))
      return directory(parent, name, path, status);
    if (verdict != Verdict::take || S_ISSOCK(status.st_mode)) return;
    enter_waiting();
    visitor_.visit({parent, name, path, status});
  }

  const CopyItem& item_;
  const PathFilter& excludes_;
  TreeVisitor& visitor_;
  std::vector<Level> levels_{};
};

/// The paths that a pattern fits.
class Expansion {
 public:
  Expansion(const CopyTree& tree, bool deep)
      : tree_{tree}, deep_{deep} {}

  std::vector<std::string> run(std::string_view pattern) {
    while (!pattern.empty()) {
      const std::size_t end =
          std::min(pattern.find('/'), pattern.size());
      parts_.emplace_back(pattern.substr(0, end));
      pattern.remove_prefix(std::min(end + 1, pattern.size()));
    }
    below("", 0, 0);
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()),
                 found_.end());
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is_climb(std::size_t at) const {
    return deep_ && parts_[at] == "**";
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as kDeepest
  void below(const std::string& path, std::size_t at,
             std::size_t depth) {
    check_depth(depth, path);
    if (at == parts_.size()) {
      if (!path.empty()) found_.push_back(path);
      return;
    }
    if (!is_climb(at) && !has_wildcard(parts_[at])) {
      // Links on the way are followed, for they were named.
      const std::string next = joined(path, parts_[at]);
      if (find_file(tree_, next, LastLink::keep))
        below(next, at + 1, depth + 1);
      return;
    }
    if (is_climb(at)) below(path, at + 1, depth + 1);
    const auto found = find_file(tree_, path);
    if (!found || !found->is_directory()) return;
    const UniqueFd opened{
        check_call("openat",
                   ::openat(found->directory.get(), found->name.c_str(),
                            kOpenDirectory),
                   "open the directory {:.200}", path)};
    list(opened, path, at, depth);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void list(const UniqueFd& opened, const std::string& path,
            std::size_t at, std::size_t depth) {
    const bool climb = is_climb(at);
    const bool last = at + 1 == parts_.size();
    const Glob glob{climb ? "*" : parts_[at]};
    for (const std::string& name : sorted_names(opened, path)) {
      if (!glob.matches(name)) continue;
      const std::string next = joined(path, name);
      const auto found = find_file(tree_, next, LastLink::keep);
      if (!found) continue;
      if (last && (!climb || !found->is_directory()))
        found_.push_back(next);
      else if (found->is_directory())
        below(next, climb ? at : at + 1, depth + 1);
    }
  }

  const CopyTree& tree_;
  bool deep_;
  std::vector<std::string> parts_{};
  std::vector<std::string> found_{};
};

}  // namespace

void walk(const CopyItem& item, const PathFilter& excludes,
          TreeVisitor& visitor) {
  const auto found = find_file(item.tree, item.path, LastLink::keep);
  if (!found)
    throw Failure{
        fmt::format("{:?}: not found: it went away while "
                    "it was copied",
                    "/" + item.path)};
  Walk{item, excludes, visitor}.begin(*found);
}

std::vector<std::string> expand_glob(const CopyTree& tree,
                                     std::string_view pattern,
                                     bool deep) {
  return Expansion{tree, deep}.run(pattern);
}

}  // namespace dockwright
