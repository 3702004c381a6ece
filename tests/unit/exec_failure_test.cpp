#include "chapters/01-process/exec_failure.hpp"

#include <elf.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "chapters/01-process/exec.hpp"
#include "common/check.hpp"
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

}  // namespace

TEST_CASE("a script without its interpreter names the interpreter", "[exec]") {
  const TemporaryDirectory directory;
  const std::string path = make_file(directory, "#! /bin/python -u\nprint()\n");
  CHECK(contains(exec_failure_story(path, ENOENT), "is a script for /bin/python, and /bin/python is not"));
}

TEST_CASE("a dynamic program without its loader names the loader", "[exec]") {
  const TemporaryDirectory directory;
  const std::string path = make_file(directory, elf(EM_X86_64, "/lib64/ld-none.so"));
  CHECK(contains(exec_failure_story(path, ENOENT), "needs the loader /lib64/ld-none.so"));
}

TEST_CASE("a program of another machine names that machine", "[exec]") {
  const TemporaryDirectory directory;
  const std::string path = make_file(directory, elf(EM_AARCH64, ""));
  CHECK(contains(exec_failure_story(path, ENOEXEC), "is a program for AArch64"));
}

TEST_CASE("a text file is told to be no program", "[exec]") {
  const TemporaryDirectory directory;
  CHECK(contains(exec_failure_story(make_file(directory, "hello\n"), ENOEXEC), "is not a program"));
}

TEST_CASE("a directory and a file without permission are told apart", "[exec]") {
  const TemporaryDirectory directory;
  CHECK(contains(exec_failure_story(directory.path(), EACCES), "is a directory"));
  CHECK(contains(exec_failure_story(make_file(directory, "x", fs::perms{0644}), EACCES),
                 "has no execute permission"));
}

TEST_CASE("a damaged program is told without reading beyond it", "[exec][security]") {
  const TemporaryDirectory directory;
  std::string bytes = elf(EM_X86_64, "/loader");
  bytes.resize(70);  // within the program header
  CHECK_FALSE(exec_failure_story(make_file(directory, bytes), ENOENT).empty());
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  header.e_phoff = ~0ULL;
  header.e_phnum = 0xffff;
  std::memcpy(bytes.data(), &header, sizeof header);
  CHECK_FALSE(exec_failure_story(make_file(directory, bytes), ENOENT).empty());
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
