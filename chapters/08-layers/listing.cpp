#include "chapters/08-layers/listing.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/xattr.h>

#include <algorithm>
#include <memory>

#include "common/check.hpp"

namespace dockwright {

std::vector<std::string> sorted_names(const UniqueFd& directory,
                                      const std::string& path) {
  UniqueFd own{check(::openat(directory.get(), ".",
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                     "list {}/", path)};
  const std::unique_ptr<DIR, int (*)(DIR*)> list{::fdopendir(own.get()),
                                                 &::closedir};
  if (list == nullptr) check(-1, "list {}/", path);
  static_cast<void>(own.release());
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const entry = ::readdir(list.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) check(-1, "list {}/", path);
  std::sort(names.begin(), names.end());
  return names;
}

Attributes read_attributes(const UniqueFd& file,
                           const std::string& path) {
  std::string names(XATTR_LIST_MAX, '\0');
  const auto length =
      ::flistxattr(file.get(), names.data(), names.size());
  if (length == -1 && errno == EOPNOTSUPP) return {};
  names.resize(static_cast<std::size_t>(
      check(length, "list the attributes of {}", path)));
  Attributes attributes;
  std::string value(XATTR_SIZE_MAX, '\0');
  for (std::size_t at = 0; at < names.size();) {
    const std::string name = names.c_str() + at;
    at += name.size() + 1;
    const auto size = ::fgetxattr(file.get(), name.c_str(),
                                  value.data(), value.size());
    if (size == -1 && errno == ENODATA) continue;  // gone meanwhile
    check(size, "read the attribute {} of {}", name, path);
    attributes.emplace_back(
        name, value.substr(0, static_cast<std::size_t>(size)));
  }
  std::sort(attributes.begin(), attributes.end());
  return attributes;
}

}  // namespace dockwright
