// An ordinary user of the machine. The host's own lists of users are read through the overlay; the changed
// ones are in memory.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "book/workbook/lab/guest.hpp"
#include "common/check.hpp"

namespace dockwright::lab {

namespace {

std::string field(const std::string& line, int number) {
  std::istringstream fields{line};
  std::string text;
  for (; number >= 0; --number) std::getline(fields, text, ':');
  return text;
}

/// Replaces whoever has the name or the number of our user by `line`.
void put_line(const std::string& path, const std::string& line, int number_field) {
  std::string kept;
  if (::access(path.c_str(), R_OK) == 0) {
    std::istringstream old{read_whole(path)};
    for (std::string other; std::getline(old, other);)
      if (field(other, 0) != field(line, 0) &&
          (number_field < 0 || field(other, number_field) != field(line, number_field)))
        kept += other + "\n";
  }
  write_whole(path, kept + line + "\n", O_TRUNC);
}

/// These two may be what the host marks by a file capability, or, shared by an ordinary user, belong to
/// nobody here: both get lost on the way. The old kind of mark does as well.
void mend_helper(const char* path) {
  if (::access(path, F_OK) == -1) return;
  check(::chown(path, 0, 0), "give {} to root", path);
  check(::chmod(path, 04755), "mark {} set-user-ID", path);
}

}  // namespace

void make_user() {
  make_directories("/etc");
  put_line("/etc/passwd", fmt::format("reader:x:{0}:{0}:A reader:{1}:/bin/sh", kReader, kReaderHome), 2);
  put_line("/etc/group", fmt::format("reader:x:{}:", kReader), 2);
  put_line("/etc/subuid", "reader:100000:65536", -1);
  put_line("/etc/subgid", "reader:100000:65536", -1);
  make_directories(kReaderHome);
  make_directories(kReaderRun);
  for (const char* directory : {kReaderHome, kReaderRun}) {
    check(::chown(directory, kReader, kReader), "give {} to the user", directory);
    check(::chmod(directory, 0700), "close {} to others", directory);
  }
  for (const char* helper : {"/usr/bin/newuidmap", "/usr/bin/newgidmap"}) mend_helper(helper);
}

void open_the_way(const std::string& directory) {
  for (std::size_t slash = directory.find('/', 1);; slash = directory.find('/', slash + 1)) {
    const auto part = directory.substr(0, slash);
    struct stat status {};
    check(::stat(part.c_str(), &status), "find {} in the laboratory", part);
    if ((status.st_mode & S_IXOTH) == 0)
      check(::chmod(part.c_str(), (status.st_mode & 07777) | S_IXOTH), "let users through {}", part);
    if (slash == std::string::npos) return;
  }
}

}  // namespace dockwright::lab
