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
/// no script. As for the kernel, a `\r` at the end belongs to the path.
std::string script_interpreter(const UniqueFd& file) {
  const std::string line = read_at(file, 0, 256);
  if (!line.starts_with("#!")) return "";
  const std::size_t begin = line.find_first_not_of(" \t", 2);
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_first_of(" \t\n", begin) - begin);
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

Advice advice(const std::string& cure) {
  return {.cure = cure, .chapter = 1, .anchor = "ch01-exec"};
}

/// A program that looks for another one looks in its own root.
Advice advice_of_root(const std::string& cure) {
  return {.cure = cure, .chapter = 2, .anchor = "ch02-loader"};
}

ExecStory story_of_script(const std::string& program,
                          const std::string& shell, bool own_root) {
  if (shell.ends_with('\r'))
    return {fmt::format("{} is a script with line ends of Windows, and "
                        "'{}\\r' is not there",
                        program, shell.substr(0, shell.size() - 1)),
            advice("take them away: sed -i 's/\\r$//' FILE")};
  const std::string what = fmt::format(
      "{} is a script for {}, and {} is not ", program, shell, shell);
  if (!own_root)
    return {what + "on this machine",
            advice("mend the first line of the script, or install " +
                   shell)};
  return {what + "in this root file system",
          advice_of_root(fmt::format(
              "put {} into the root file system, or mend the first "
              "line of the script",
              shell))};
}

ExecStory story_of_loader(const std::string& program,
                          const std::string& path, bool own_root) {
  const std::string what = fmt::format(
      "{} needs the loader {}, which is not ", program, path);
  if (!own_root)
    return {what + "on this machine",
            advice_of_root("install the C library that it was made "
                           "for, or take a static program")};
  return {what + "in this root file system",
          advice_of_root(
              "copy the loader, and the libraries that `ldd` names, "
              "into the root file system; or take a static program")};
}

ExecStory story_of_absent(const std::string& program, bool own_root) {
  std::array<char, 4096> target{};
  const auto size =
      ::readlink(program.c_str(), target.data(), target.size());
  if (size > 0)
    return {
        fmt::format("{} is a link to {}, which is not there", program,
                    std::string_view{target.data(),
                                     static_cast<std::size_t>(size)}),
        advice(own_root ? "mend the link: its path begins in the root "
                          "file system"
                        : "mend the link")};
  const std::string what = fmt::format("{} is not there", program);
  if (program.find(' ') != std::string::npos)
    return {what, advice("quotes make one word of it, and that is the "
                         "program's name: leave them out, or run sh -c "
                         "'…'")};
  return {
      what,
      advice(own_root ? "look with `ls -l` in the root file system: "
                        "the path begins there"
                      : "look with `ls -l` whether the path is "
                        "right")};
}

ExecStory story_of_missing(const std::string& program, bool own_root) {
  const UniqueFd file{
      ::open(program.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (!file && errno == ENOENT)
    return story_of_absent(program, own_root);
  if (const std::string shell = script_interpreter(file);
      !shell.empty())
    return story_of_script(program, shell, own_root);
  if (const std::string path = loader(file); !path.empty())
    return story_of_loader(program, path, own_root);
  return {fmt::format("{} is there, but something that it needs is not",
                      program)};
}

ExecStory story_of_format(const std::string& program) {
  const UniqueFd file{
      ::open(program.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  if (!file) return {fmt::format("{} cannot be executed", program)};
  const auto header = read_struct<Elf64_Ehdr>(file, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
    return {
        fmt::format("{} is not a program (neither ELF nor a script "
                    "that begins with #!)",
                    program),
        advice("`file FILE` says what it is; a script needs a first "
               "line such as #!/bin/sh")};
  utsname host{};
  ::uname(&host);
  const std::string_view here = host.machine;
  if ((header->e_machine == EM_X86_64 && here == "x86_64") ||
      (header->e_machine == EM_AARCH64 && here == "aarch64"))
    return {fmt::format("{} is a damaged program", program),
            advice("copy it anew, or build it again")};
  return {fmt::format("{} is a program for {}, and this machine is {}",
                      program, machine_name(header->e_machine),
                      host.machine),
          advice(fmt::format("take one that was made for {}",
                             host.machine))};
}

ExecStory story_of_access(const std::string& program) {
  struct stat status {};
  if (::stat(program.c_str(), &status) == -1)
    return {fmt::format("{} cannot be reached", program)};
  if (S_ISDIR(status.st_mode))
    return {fmt::format("{} is a directory", program),
            advice("name a program; --workdir DIR begins in a "
                   "directory")};
  if ((status.st_mode & 0111) == 0)
    return {fmt::format("{} has no execute permission", program),
            advice("`chmod +x FILE` makes a program of a file")};
  return {fmt::format("{} may not be executed", program)};
}

}  // namespace

ExecStory exec_failure_story(const std::string& program, int error,
                             const Spec& spec) {
  const bool own_root = !spec.rootfs.empty();
  if (error == EACCES) return story_of_access(program);
  if (error == ENOENT) return story_of_missing(program, own_root);
  if (error == ENOEXEC) return story_of_format(program);
  if (error == ENOTDIR)
    return {
        fmt::format("{} cannot be there: what stands before a slash "
                    "is no directory",
                    program),
        advice("look at each part of the path with `ls -ld`")};
  return {fmt::format("{} cannot be executed", program)};
}

void throw_exec_failure(const std::string& program, int error,
                        const Spec& spec) {
  const ExecStory story = exec_failure_story(program, error, spec);
  std::throw_with_nested(
      Failure{story.what, story.advice, error == ENOENT ? 127 : 126});
}

}  // namespace dockwright
