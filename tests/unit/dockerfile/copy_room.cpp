#include "tests/unit/dockerfile/copy_room.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;

namespace dockwright {

namespace {

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
  target_ = open_directory(target());
}

void CopyRoom::context(const std::string& path, const std::string& text) const {
  write(source() / path, text);
}
void CopyRoom::image(const std::string& path, const std::string& text) const { write(target() / path, text); }
void CopyRoom::context_link(const std::string& path, const std::string& to) const {
  link(source() / path, to);
}
void CopyRoom::image_link(const std::string& path, const std::string& to) const { link(target() / path, to); }

CopySelection CopyRoom::select(CopyRequest request) const {
  return dockwright::select(from(), std::move(request));
}

std::string CopyRoom::copy(CopyRequest request, const std::string& workdir) const {
  try {
    copy_selection(select(std::move(request)), target_, workdir);
  } catch (const Failure& failure) {
    return failure.what();
  }
  return {};
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

std::string CopyRoom::read(const std::string& path) const { return text_of(target() / path); }

}  // namespace dockwright
