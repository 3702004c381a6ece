#include "chapters/11-dockerfile/mount_points.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <filesystem>

#include "chapters/09-images/copy_tree.hpp"
#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

namespace fs = std::filesystem;

/// Where an open file is, as the kernel has it: no links in it.
fs::path place_of(const UniqueFd& file) {
  std::array<char, PATH_MAX> place{};
  const std::string link = fmt::format("/proc/self/fd/{}", file.get());
  const auto size = check_call(
      "readlink", ::readlink(link.c_str(), place.data(), place.size()),
      "ask where a mount point is");
  return std::string{place.data(), static_cast<std::size_t>(size)};
}

UniqueFd open_directory(const UniqueFd& root, const fs::path& path) {
  return open_in_root(root, path.empty() ? "." : path,
                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

class Points {
 public:
  Points(const UniqueFd& root, const UniqueFd& points)
      : root_{root}, points_{points}, above_{place_of(root)} {}

  void make(const MountPoint& point) {
    fs::path there = fs::path{point.target}.lexically_normal();
    if (!there.has_filename()) there = there.parent_path();
    std::vector<std::string> missing;
    auto found = try_open_in_root(root_, there, O_PATH);
    for (; !found; found = try_open_in_root(root_, there, O_PATH)) {
      missing.push_back(there.filename());
      there = there.parent_path();
    }
    if (missing.empty()) return;
    make_below(place_of(*found).lexically_relative(above_), missing,
               point.kind);
  }

  /// The times at last: they change with what is made.
  void finish() {
    for (std::size_t i = copied_.size(); i-- > 0;)
      copy_status(open_directory(root_, copied_[i]),
                  open_directory(points_, copied_[i]));
    copy_status(open_directory(root_, ""), open_directory(points_, ""));
  }

 private:
  /// `missing` has the deepest first; `there` is in the layers.
  void make_below(const fs::path& there,
                  const std::vector<std::string>& missing,
                  FileKind kind) {
    fs::path path;
    UniqueFd directory = open_directory(points_, "");
    for (const fs::path& name : there) {
      if (name == ".") continue;
      path /= name;
      if (!files::try_open_at(directory, name, O_PATH))
        copied_.push_back(path);
      directory = files::directory_at(directory, name, 0755);
    }
    for (std::size_t i = missing.size(); i-- > 0;) {
      if (i == 0 && kind == FileKind::file) {
        if (!files::try_open_at(directory, missing[i], O_PATH))
          static_cast<void>(
              files::create_at(directory, missing[i], 0644));
        return;
      }
      directory = files::directory_at(directory, missing[i], 0755);
    }
  }

  const UniqueFd& root_;
  const UniqueFd& points_;
  fs::path above_;
  std::vector<fs::path> copied_{};  ///< Directories of both.
};

}  // namespace

void make_mount_points(const UniqueFd& root, const UniqueFd& points,
                       const std::vector<MountPoint>& wanted) {
  Points all{root, points};
  for (const MountPoint& point : wanted) all.make(point);
  all.finish();
}

std::vector<MountPoint> usual_mount_points() {
  return {{"/proc"}, {"/sys"}, {"/dev"}};
}

}  // namespace dockwright
