#include "chapters/01-process/exec_failure.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <optional>
#include <string_view>

#include "common/check.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

namespace {

/// Reads up to `size` bytes at `offset`: a file of the container, so
/// every length is bounded and nothing is believed.
std::string read_at(const UniqueFd& file, off_t offset,
                    std::size_t size) {
  std::string bytes(size, '\0');
  const auto got =
      ::pread(file.get(), bytes.data(), bytes.size(), offset);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

template <typename T>
std::optional<T> read_struct(const UniqueFd& file, off_t offset) {
  const std::string bytes = read_at(file, offset, sizeof(T));
  if (bytes.size() != sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

/// The path in a script's first line, `#!/bin/sh -e`; empty when it is
/// no script.
std::string script_interpreter(const UniqueFd& file) {
  const std::string line = read_at(file, 0, 256);
  if (!line.starts_with("#!")) return "";
  const std::size_t begin = line.find_first_not_of(" \t", 2);
  if (begin == std::string::npos) return "";
  return line.substr(begin,
                     line.find_first_of(" \t\r\n", begin) - begin);
}

/// The loader that a dynamic program names in its PT_INTERP header;
/// empty for a static one. @man{elf,5}
std::string loader(const UniqueFd& file) {
  const auto header = read_struct<Elf64_Ehdr>(file, 0);
  if (!header || header->e_ident[EI_CLASS] != ELFCLASS64) return "";
  for (int i = 0; i < std::min<int>(header->e_phnum, 128); ++i) {
    const auto segment = read_struct<Elf64_Phdr>(
        file,
        static_cast<off_t>(header->e_phoff + static_cast<Elf64_Off>(i) *
                                                 sizeof(Elf64_Phdr)));
    if (!segment) return "";
    if (segment->p_type == PT_INTERP)
      return read_at(file, static_cast<off_t>(segment->p_offset),
                     std::min<std::size_t>(segment->p_filesz, 4096))
          .c_str();
  }
  return "";
}

std::string_view machine_name(unsigned machine) {
  switch (machine) {
    case EM_386:
      return "i386";
    case EM_X86_64:
      return "x86-64";
    case EM_ARM:
      return "ARM";
    case EM_AARCH64:
      return "AArch64";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "PowerPC 64";
    case EM_S390:
      return "S/390";
    default:
      return "another machine";
  }
}

std::string story_of_missing(const std::string& program,
                             const UniqueFd& file) {
  if (const std::string shell = script_interpreter(file);
      !shell.empty())
    return fmt::format(
        "{} is a script for {}, and {} is not in this root file system",
        program, shell, shell);
  if (const std::string path = loader(file); !path.empty())
    return fmt::format(
        "{} needs the loader {}, which is not in this root file system",
        program, path);
  return fmt::format("{} is there, but something that it needs is not",
                     program);
}

std::string story_of_format(const std::string& program,
                            const UniqueFd& file) {
  const auto header = read_struct<Elf64_Ehdr>(file, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
    return fmt::format(
        "{} is not a program (neither ELF nor a script that begins "
        "with #!)",
        program);
  utsname host{};
  ::uname(&host);
  return fmt::format("{} is a program for {}, and this machine is {}",
                     program, machine_name(header->e_machine),
                     host.machine);
}

std::string story_of_access(const std::string& program) {
  struct stat status {};
  if (::stat(program.c_str(), &status) == -1)
    return fmt::format("{} cannot be reached", program);
  if (S_ISDIR(status.st_mode))
    return fmt::format("{} is a directory", program);
  if ((status.st_mode & 0111) == 0)
    return fmt::format("{} has no execute permission", program);
  return fmt::format("{} may not be executed", program);
}

}  // namespace

std::string exec_failure_story(const std::string& program, int error) {
  if (error == EACCES) return story_of_access(program);
  const UniqueFd file{
      ::open(program.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (error == ENOENT)
    return file ? story_of_missing(program, file)
                : fmt::format("{} is not there", program);
  if (error == ENOEXEC && file) return story_of_format(program, file);
  return fmt::format("{} cannot be executed", program);
}

void throw_exec_failure(const std::string& program, int error) {
  std::throw_with_nested(Failure{exec_failure_story(program, error),
                                 error == ENOENT ? 127 : 126});
}

}  // namespace dockwright
