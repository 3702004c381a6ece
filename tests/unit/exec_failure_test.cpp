#include "chapters/01-process/exec_failure.hpp"

#include <elf.h>
#include <sys/utsname.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "chapters/01-process/exec.hpp"
#include "common/check.hpp"
#include "common/errors.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/temporary.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

namespace {

std::string make_file(const TemporaryDirectory& directory, const std::string& bytes,
                      fs::perms mode = fs::perms{0755}) {
  const fs::path path = directory.path() / "program";
  std::ofstream{path, std::ios::binary} << bytes;
  fs::permissions(path, mode);
  return path;
}

std::string elf(unsigned short machine, const std::string& loader) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_machine = machine;
  header.e_phoff = sizeof header;
  header.e_phnum = 1;
  Elf64_Phdr segment{};
  segment.p_type = PT_INTERP;
  segment.p_offset = sizeof header + sizeof segment;
  segment.p_filesz = loader.size() + 1;
  std::string bytes(sizeof header + sizeof segment, '\0');
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, &segment, sizeof segment);
  return bytes + loader + '\0';
}

/// How a story is told in stage 2, which has a root file system of its own.
std::string story(const std::string& program, int error) {
  return exec_failure_story(program, error, {.rootfs = "rootfs"}).what;
}

}  // namespace

TEST_CASE("a script without its interpreter names the interpreter", "[exec]") {
  const TemporaryDirectory directory;
  const std::string path = make_file(directory, "#! /bin/python -u\nprint()\n");
  CHECK(contains(story(path, ENOENT), "is a script for /bin/python, and /bin/python is not"));
}

TEST_CASE("a dynamic program without its loader names the loader", "[exec]") {
  const TemporaryDirectory directory;
  const std::string path = make_file(directory, elf(EM_X86_64, "/lib64/ld-none.so"));
  CHECK(contains(story(path, ENOENT), "needs the loader /lib64/ld-none.so"));
}

TEST_CASE("a script with line ends of Windows is told so, and not that /bin/sh is missing", "[exec]") {
  const TemporaryDirectory directory;
  const std::string path = make_file(directory, "#!/bin/sh\r\necho\r\n");
  CHECK(
      contains(story(path, ENOENT), "is a script with line ends of Windows, and '/bin/sh\\r' is not there"));
}

TEST_CASE("a link that leads nowhere, a word with spaces and a path through a file are told apart",
          "[exec]") {
  const TemporaryDirectory directory;
  const std::string link = directory.path() / "link";
  fs::create_symlink("/nowhere", link);
  CHECK(story(link, ENOENT) == link + " is a link to /nowhere, which is not there");
  const ExecStory quoted = exec_failure_story("/bin/ls /", ENOENT, {});
  CHECK(quoted.what == "/bin/ls / is not there");
  CHECK(contains(quoted.advice.cure, "quotes make one word of it"));
  CHECK(contains(story("/etc/passwd/x", ENOTDIR), "what stands before a slash is no directory"));
}

TEST_CASE("only who has a root file system of its own is told of one", "[exec]") {
  const TemporaryDirectory directory;
  for (const std::string& bytes : {std::string{"#!/bin/python\n"}, elf(EM_X86_64, "/lib64/ld-none.so")}) {
    const std::string path = make_file(directory, bytes);
    const ExecStory bare = exec_failure_story(path, ENOENT, {});
    CHECK(contains(bare.what, "is not on this machine"));
    CHECK_FALSE(contains(bare.what + bare.advice.cure, "root file system"));
    const ExecStory own = exec_failure_story(path, ENOENT, {.rootfs = "rootfs"});
    CHECK(contains(own.what, "is not in this root file system"));
    CHECK(own.advice.anchor == "ch02-loader");
  }
}

TEST_CASE("a story that is known is not followed by a general cause", "[exec]") {
  const TemporaryDirectory directory;
  const std::string path = make_file(directory, elf(EM_X86_64, "/lib64/ld-none.so"));
  try {
    try {
      throw SystemCallError{"execve", ENOENT, "execute " + path};
    } catch (const SystemCallError&) {
      throw_exec_failure(path, ENOENT, {.rootfs = "rootfs"});
    }
  } catch (const Failure& failure) {
    CHECK(failure.exit_code() == 127);
    CHECK(describe(failure) ==
          path +
              " needs the loader /lib64/ld-none.so, which is not in this root file system\n"
              "  execute " +
              path +
              ": No such file or directory\n"
              "  cure:  copy the loader, and the libraries that `ldd` names, into the root file system; or "
              "take a static program\n"
              "  book:  Chapter 2: chroot (book/02-chroot.md#ch02-loader)");
  }
}

TEST_CASE("a program of another machine names that machine", "[exec]") {
  const TemporaryDirectory directory;
  const std::string path = make_file(directory, elf(EM_S390, ""));
  CHECK(contains(story(path, ENOEXEC), "is a program for S/390"));
}

TEST_CASE("a damaged program of this machine is not said to be of another", "[exec]") {
  const TemporaryDirectory directory;
  utsname host{};
  ::uname(&host);
  const unsigned short own = std::string_view{host.machine} == "aarch64" ? EM_AARCH64 : EM_X86_64;
  CHECK(contains(story(make_file(directory, elf(own, "")), ENOEXEC), "is a damaged program"));
}

TEST_CASE("a text file is told to be no program", "[exec]") {
  const TemporaryDirectory directory;
  CHECK(contains(story(make_file(directory, "hello\n"), ENOEXEC), "is not a program"));
}

TEST_CASE("a directory and a file without permission are told apart", "[exec]") {
  const TemporaryDirectory directory;
  CHECK(contains(story(directory.path(), EACCES), "is a directory"));
  CHECK(contains(story(make_file(directory, "x", fs::perms{0644}), EACCES), "has no execute permission"));
}

TEST_CASE("a damaged program is told without reading beyond it", "[exec][security]") {
  const TemporaryDirectory directory;
  std::string bytes = elf(EM_X86_64, "/loader");
  bytes.resize(70);  // within the program header
  CHECK_FALSE(story(make_file(directory, bytes), ENOENT).empty());
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  header.e_phoff = ~0ULL;
  header.e_phnum = 0xffff;
  std::memcpy(bytes.data(), &header, sizeof header);
  CHECK_FALSE(story(make_file(directory, bytes), ENOENT).empty());
}

TEST_CASE("a program is searched along PATH, and a path is taken as it is", "[exec]") {
  CHECK(find_program("sh", "/nowhere:/bin") == "/bin/sh");
  CHECK(find_program("./x", "/bin") == "./x");
  CHECK_THROWS_AS(find_program("no-such-program", "/bin"), Failure);
}

TEST_CASE("an empty entry of PATH is not the working directory", "[exec][security]") {
  const TemporaryDirectory directory;
  make_file(directory, "#!/bin/sh\n");
  const fs::path before = fs::current_path();
  fs::current_path(directory.path());
  CHECK_THROWS_AS(find_program("program", "::"), Failure);
  fs::current_path(before);
}

TEST_CASE("what is found but cannot be executed is 126, what is nowhere 127", "[exec]") {
  const TemporaryDirectory directory;
  make_file(directory, "x", fs::perms{0644});
  const auto code = [&](const char* name) {
    try {
      return find_program(name, directory.path().native()).empty() ? 0 : 0;
    } catch (const Failure& failure) {
      return failure.exit_code();
    }
  };
  CHECK(code("program") == 126);
  CHECK(code("nothing") == 127);
}
