#include "tests/stages/shell.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "common/check.hpp"
#include "common/pipe.hpp"
#include "common/process.hpp"

using namespace dockwright;
namespace fs = std::filesystem;

Shell::Shell(Where where) : where_{where} {
  fs::copy(DOCKWRIGHT_ROOTFS, rootfs(), fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

namespace {

/// Where the programs are. A later stage must do all that an earlier one does: with
/// DOCKWRIGHT_STAND_IN=stage07 in the environment it stands in for stages 4 to 6, and stage 12 for 11, too.
std::string program_path(const fs::path& directory) {
  const std::string bin = DOCKWRIGHT_BIN;
  const char* const stand_in = std::getenv("DOCKWRIGHT_STAND_IN");
  if (stand_in == nullptr) return bin;
  const fs::path place = directory / "stand-in";
  if (!fs::exists(place)) {
    fs::create_directory(place);
    for (const char* const stage :
         {"stage04", "stage05", "stage06", "stage07", "stage08", "stage09", "stage11"})
      if (stage < std::string_view{stand_in}) fs::create_symlink(fs::path{bin} / stand_in, place / stage);
  }
  return place.native() + ":" + bin;
}

}  // namespace

Result Shell::operator()(const std::string& script) const {
  Pipe pipe = make_pipe();
  const std::string path = program_path(directory());
  Process child = spawn({}, [&] {
    check(::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), 0), "have no input");
    check(::dup2(pipe.write_end.get(), 1), "catch the output");
    check(::dup2(pipe.write_end.get(), 2), "catch the errors");
    check(::chdir(directory().c_str()), "enter the directory");
    ::setenv("PATH", (path + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").c_str(), 1);
    ::unsetenv("SECRET");
    const bool apart = where_ == Where::apart && ::geteuid() == 0;
    std::vector<const char*> words = {"timeout", "--kill-after=1", "60"};
    if (apart)
      words.insert(words.end(), {"unshare", "--mount", "--uts", "--ipc", "--propagation", "private"});
    words.insert(words.end(), {"bash", "-c", script.c_str(), nullptr});
    check(::execvp(words.front(), const_cast<char* const*>(words.data())), "run {}", words.front());
  });
  pipe.write_end.reset();
  Result result;
  std::array<char, 65536> bytes{};
  for (;;) {
    const auto size = ::read(pipe.read_end.get(), bytes.data(), bytes.size());
    if (size <= 0) break;
    result.output.append(bytes.data(), static_cast<std::size_t>(size));
  }
  result.code = child.wait();
  return result;
}
