#include "book/workbook/lab_scratch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "book/workbook/machine.hpp"
#include "book/workbook/subprocess.hpp"
#include "book/workbook/text.hpp"
#include "common/check.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

/// What can be written at most: a hole in the file until then.
constexpr off_t kBytes = off_t{2} << 30;

}  // namespace

Scratch find_or_make_scratch(const fs::path& cache) {
  const auto place = cache / "scratch.ext4";
  if (::access(place.c_str(), R_OK) == 0) return {.disk = place.string()};
  const auto mke2fs = Machine::here().program("mke2fs");
  if (mke2fs.empty()) return {.why_not = "there is no mke2fs (package e2fsprogs)"};
  // Where root has built, a user may boot all the same.
  if (::access(cache.c_str(), W_OK) == -1) return {.why_not = cache.string() + " is not yours to write"};
  const fs::path made = fmt::format("{}.{}", place.string(), ::getpid());
  {
    const UniqueFd file{check(::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), "make {}",
                              made.string())};
    check(::fchmod(file.get(), 0644), "open {} to all", made.string());  // whatever root's umask was
    check(::ftruncate(file.get(), kBytes), "make {} as large as a disk", made.string());
  }
  const auto formatted = run_program({mke2fs.string(), "-q", "-F", "-t", "ext4", "-O", "^has_journal", "-E",
                                      "lazy_itable_init=1,nodiscard,root_owner=0:0", made.string()});
  if (formatted.exit_code != 0) {
    fs::remove(made);
    throw Failure{fmt::format("mke2fs cannot format the laboratory's disk: {}", trim(formatted.out))};
  }
  fs::rename(made, place);  // another workbook may have been quicker: its disk is as good
  return {.disk = place.string()};
}

}  // namespace dockwright::workbook
