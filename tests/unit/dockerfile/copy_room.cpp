#include "tests/unit/dockerfile/copy_room.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/unit/layers/sealed.hpp"

namespace fs = std::filesystem;

namespace dockwright {

namespace {

/// `top / "/etc"` is /etc, and that is the machine's own: a test names what it makes from the top of its
/// room, and nothing else.
fs::path below(const fs::path& top, const std::string& path) {
  const fs::path relative{path};
  if (relative.is_absolute() || std::find(relative.begin(), relative.end(), "..") != relative.end())
    throw std::logic_error{"a test would write outside of its room: " + path};
  return top / relative;
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  if (path.native().ends_with('/')) return;
  std::ofstream{path} << text;
}

void link(const fs::path& path, const std::string& target) {
  fs::create_directories(path.parent_path());
  fs::create_symlink(target, path);
}

std::string text_of(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

CopyRoom::CopyRoom() {
  for (const auto& path : {source(), target(), outside()}) fs::create_directories(path);
  write(outside() / "secret", "secret");
  source_ = open_directory(source());
}

void CopyRoom::context(const std::string& path, const std::string& text) const {
  write(below(source(), path), text);
}
void CopyRoom::image(const std::string& path, const std::string& text) const {
  write(below(target(), path), text);
}
void CopyRoom::context_link(const std::string& path, const std::string& to) const {
  link(below(source(), path), to);
}
void CopyRoom::image_link(const std::string& path, const std::string& to) const {
  link(below(target(), path), to);
}

CopySelection CopyRoom::select(CopyRequest request) const {
  return dockwright::select(from(), std::move(request));
}

std::string CopyRoom::copy(CopyRequest request, const std::string& workdir) const {
  return in_read_only_machine(scratch(), [&]() -> std::string {
    // Opened here: what was opened before is not read-only.
    const UniqueFd from_root = open_directory(source());
    const UniqueFd to = open_directory(target());
    try {
      copy_selection(dockwright::select({.root = &from_root, .filter = filter, .owners = owners}, request),
                     to, workdir);
    } catch (const Failure& failure) {
      return failure.what();
    } catch (const std::system_error& error) {
      return error.what();
    }
    return {};
  });
}

Digest CopyRoom::digest(CopyRequest request, HashCache* cache) const {
  return content_digest(select(std::move(request)), cache);
}

std::vector<std::string> CopyRoom::tree() const {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator{target()}) {
    const std::string path = entry.path().lexically_relative(target()).native();
    if (entry.is_symlink())
      all.push_back(path + "->" + fs::read_symlink(entry).native());
    else if (entry.is_directory())
      all.push_back(path + "/");
    else
      all.push_back(path + "=" + text_of(entry));
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string CopyRoom::read(const std::string& path) const { return text_of(below(target(), path)); }

}  // namespace dockwright
