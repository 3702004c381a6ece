#include "book/workbook/lab_scratch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
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

std::string find_or_make_scratch(const fs::path& cache) {
  const auto place = cache / "scratch.ext4";
  if (fs::exists(place)) return place.string();
  const auto mke2fs = Machine::here().program("mke2fs");
  if (mke2fs.empty()) return {};
  const fs::path made = fmt::format("{}.{}", place.string(), ::getpid());
  {
    const UniqueFd file{check(::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), "make {}",
                              made.string())};
    check(::ftruncate(file.get(), kBytes), "make {} as large as a disk", made.string());
  }
  const auto formatted = run_program({mke2fs.string(), "-q", "-F", "-t", "ext4", "-O", "^has_journal", "-E",
                                      "lazy_itable_init=1,nodiscard,root_owner=0:0", made.string()});
  if (formatted.exit_code != 0) {
    fs::remove(made);
    throw Failure{fmt::format("mke2fs cannot format the laboratory's disk: {}", trim(formatted.out))};
  }
  fs::rename(made, place);  // another workbook may have been quicker: its disk is as good
  return place.string();
}

}  // namespace dockwright::workbook
