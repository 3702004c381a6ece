#include "common/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "common/check.hpp"
#include "common/explain.hpp"

namespace dockwright::files {

using explain::Call;
using explain::shell_word;

void write_all(const UniqueFd& file, std::string_view bytes, std::string_view name) {
  while (!bytes.empty()) {
    const auto size = check_call(
        "write", retry([&] { return ::write(file.get(), bytes.data(), bytes.size()); }), "write {}", name);
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

std::string read_all(const UniqueFd& file, std::size_t limit, std::string_view name) {
  struct stat status {};
  check_call("fstat", ::fstat(file.get(), &status), "look at {}", name);
  if (!S_ISREG(status.st_mode)) throw Failure{fmt::format("{} is no regular file", name)};
  const auto announced = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  std::string text(std::min(announced, limit) + 1, '\0');
  std::size_t size = 0;
  for (;;) {
    if (size > limit) throw Failure{fmt::format("{} is larger than the limit of {} bytes", name, limit)};
    if (size == text.size()) text.resize(2 * size);
    const auto got =
        check_call("read", retry([&] { return ::read(file.get(), text.data() + size, text.size() - size); }),
                   "read {}", name);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

std::optional<UniqueFd> try_open_at(const UniqueFd& directory, const std::string& name, int flags) {
  const int file = ::openat(directory.get(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC);
  if (file == -1 && errno == ENOENT) return std::nullopt;
  return UniqueFd{check_call("openat", file, "open {}", name)};
}

std::optional<std::string> read_at(const UniqueFd& directory, const std::string& name, std::size_t limit) {
  const auto file = try_open_at(directory, name, O_RDONLY | O_NONBLOCK);
  if (!file) return std::nullopt;
  return read_all(*file, limit, name);
}

UniqueFd create_at(const UniqueFd& directory, const std::string& name, mode_t mode) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd file{
      check_call("openat", ::openat(directory.get(), name.c_str(), kFlags, 0600), "make the file {}", name)};
  check_call("fchmod", ::fchmod(file.get(), mode), "set the mode of {}", name);
  return file;
}

UniqueFd directory_at(const UniqueFd& directory, const std::string& name, mode_t mode) {
  if (auto there = try_open_at(directory, name, O_RDONLY | O_DIRECTORY)) return std::move(*there);
  const int made = ::mkdirat(directory.get(), name.c_str(), 0700);
  if (made == -1 && errno != EEXIST) check_call("mkdirat", made, "make the directory {}", name);
  UniqueFd opened{check_call(
      "openat", ::openat(directory.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
      "open {}", name)};
  if (made == 0) check_call("fchmod", ::fchmod(opened.get(), mode), "set the mode of {}", name);
  return opened;
}

void replace(const Replacement& where, std::string_view bytes, Durability durability) {
  const std::string half_made = unique_name("file-");
  try {
    const UniqueFd file = create_at(where.beside, half_made, 0644);
    write_all(file, bytes, where.name);
    if (durability == Durability::durable) sync(file, where.name);
    rename({where.beside, half_made, where.directory, where.name});
  } catch (...) {
    ignore(::unlinkat(where.beside.get(), half_made.c_str(), 0), "it may never have been made");
    throw;
  }
  if (durability == Durability::durable) sync(where.directory, "the directory of " + where.name);
}

namespace {

/// renameat2's answer; errno is set when it is -1.
int move_with(const Move& move, unsigned flags) {
  narrate("renameat2", [&] {
    return Call{
        fmt::format("renameat2({}, \"{}\", {}, \"{}\", {})", move.from_directory.get(), move.from,
                    move.to_directory.get(), move.to, flags == 0 ? "0" : "RENAME_NOREPLACE"),
        fmt::format("mv {} {} {}", flags == 0 ? "-T" : "-nT", shell_word(move.from), shell_word(move.to))};
  });
  return ::renameat2(move.from_directory.get(), move.from.c_str(), move.to_directory.get(), move.to.c_str(),
                     flags);
}

}  // namespace

void rename(const Move& move) {
  check_call("renameat2", move_with(move, 0), "move {} to {}", move.from, move.to);
}

bool rename_new(const Move& move) {
  const int result = move_with(move, RENAME_NOREPLACE);
  if (result == -1 && (errno == EEXIST || errno == ENOTEMPTY)) return false;
  check_call("renameat2", result, "move {} to {}", move.from, move.to);
  return true;
}

void sync(const UniqueFd& file, std::string_view name) {
  narrate("fsync", [&] {
    return Call{fmt::format("fsync({} /* {} */)", file.get(), name),
                fmt::format("sync {}", shell_word(name))};
  });
  check_call("fsync", ::fsync(file.get()), "write {} out to the disk", name);
}

void sync_file_system(const UniqueFd& any_file, std::string_view name) {
  narrate("syncfs", [&] {
    return Call{fmt::format("syncfs({} /* {} */)", any_file.get(), name),
                fmt::format("sync -f {}", shell_word(name))};
  });
  check_call("syncfs", ::syncfs(any_file.get()), "write {} out to the disk", name);
}

bool remove_file(const UniqueFd& directory, const std::string& name) {
  const int result = ::unlinkat(directory.get(), name.c_str(), 0);
  if (result == -1 && errno == ENOENT) return false;
  check_call("unlinkat", result, "remove {}", name);
  return true;
}

std::vector<std::string> names_in(const UniqueFd& directory) {
  // A descriptor of its own: reading would move the place where others read on.
  UniqueFd again{check_call("openat", ::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                            "open a directory again")};
  const std::unique_ptr<DIR, int (*)(DIR*)> entries{::fdopendir(again.get()), ::closedir};
  if (!entries) throw SystemCallError{"fdopendir", errno, "list a directory"};
  ignore(again.release(), "it is the stream's");
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const entry = ::readdir(entries.get()))
    if (const std::string_view name = entry->d_name; name != "." && name != "..") names.emplace_back(name);
  check_call("getdents64", errno == 0 ? 0 : -1, "list a directory");
  std::sort(names.begin(), names.end());
  return names;
}

std::string random_hex(std::size_t bytes) {
  std::array<unsigned char, 64> random{};
  bytes = std::min(bytes, random.size());
  check_call("getrandom", retry([&] { return ::getrandom(random.data(), bytes, 0); }),
             "ask for random bytes");
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) fmt::format_to(std::back_inserter(text), "{:02x}", random[i]);
  return text;
}

std::string unique_name(std::string_view prefix) { return std::string{prefix} + random_hex(8); }

}  // namespace dockwright::files
