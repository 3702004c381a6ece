#include "common/sys_file.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "common/check.hpp"
#include "common/explain.hpp"
#include "common/flags.hpp"

namespace dockwright::sys {

using explain::Call;
using explain::shell_word;

namespace {

constexpr std::size_t kLargest = 65'536;

std::string read_all(const UniqueFd& file, std::string_view name) {
  std::string text;
  while (text.size() < kLargest) {
    char bytes[4096];
    const auto size =
        check_call("read", retry([&] { return ::read(file.get(), bytes, sizeof bytes); }), "read {}", name);
    if (size == 0) break;
    text.append(bytes, static_cast<std::size_t>(size));
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// A value of several lines, in one: as C and printf(1) spell it.
std::string in_one_line(std::string_view value) {
  std::string line;
  for (const char c : value) line += c == '\n' ? std::string{"\\n"} : std::string{c};
  return line;
}

}  // namespace

void write_setting(const UniqueFd& file, std::string_view path, std::string_view value) {
  const std::string line = in_one_line(value);
  narrate("write", [&] {
    const char* const program = line.size() == value.size() ? "echo" : "printf";
    return Call{fmt::format("write({} /* {} */, \"{}\", {})", file.get(), path, line, value.size()),
                fmt::format("{} {} > {}", program, shell_word(line), shell_word(path))};
  });
  check_call("write", retry([&] { return ::write(file.get(), value.data(), value.size()); }),
             "write '{}' to {}", line, path);
}

void write_setting(const SettingPlace& where, std::string_view value) {
  const std::string path = fmt::format("{}/{}", where.place, where.name);
  const UniqueFd file{check_call("open setting",
                                 ::openat(where.directory.get(), where.name.c_str(), O_WRONLY | O_CLOEXEC),
                                 "open {} to write '{}'", path, value)};
  write_setting(file, path, value);
}

std::string read_file(const std::string& path) {
  return read_all(UniqueFd{check_call("open", ::open(path.c_str(), O_RDONLY | O_CLOEXEC), "open {}", path)},
                  path);
}

std::string read_file_at(const UniqueFd& directory, const std::string& name) {
  const UniqueFd file{::openat(directory.get(), name.c_str(), O_RDONLY | O_CLOEXEC)};
  return file ? read_all(file, name) : std::string{};
}

void unshare(int namespaces) {
  const auto flags = static_cast<std::uint64_t>(namespaces);
  narrate("unshare", [&] {
    return Call{fmt::format("unshare({})", flags::clone(flags)),
                fmt::format("unshare {} COMMAND", flags::unshare_options(flags))};
  });
  check_call("unshare", ::unshare(namespaces), "make a new namespace ({})", flags::clone(flags));
}

}  // namespace dockwright::sys
