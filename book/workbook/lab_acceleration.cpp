#include "book/workbook/lab_acceleration.hpp"

#include <unistd.h>

#include "book/workbook/text.hpp"

namespace dockwright::workbook {

namespace fs = std::filesystem;

namespace {

std::string own_boot_id() { return trim(read_file("/proc/sys/kernel/random/boot_id")); }

fs::path memory(const fs::path& cache) { return cache / "acceleration"; }

}  // namespace

std::string remembered_text(const std::string& boot_id, Acceleration acceleration) {
  return boot_id + (acceleration == Acceleration::kvm ? " kvm\n" : " translated\n");
}

Acceleration choose_acceleration(bool usable, const std::string& boot_id, const std::string& remembered) {
  const bool failed = remembered == remembered_text(boot_id, Acceleration::translated);
  return usable && !failed ? Acceleration::kvm : Acceleration::translated;
}

Acceleration choose_acceleration(const fs::path& cache) {
  std::error_code unknown;
  const auto remembered = fs::exists(memory(cache), unknown) ? read_file(memory(cache)) : "";
  return choose_acceleration(::access("/dev/kvm", R_OK | W_OK) == 0, own_boot_id(), remembered);
}

void remember_acceleration(const fs::path& cache, Acceleration acceleration) {
  if (::access(cache.c_str(), W_OK) == 0)
    write_if_changed(memory(cache), remembered_text(own_boot_id(), acceleration));
}

}  // namespace dockwright::workbook
