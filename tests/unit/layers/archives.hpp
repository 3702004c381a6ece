#pragma once
// Archives for tests, made by hand from 512-byte blocks: what no honest tar would write can be written here.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dockwright {

/// One entry. `type` is the letter of the format: 0 file, 1 hard link, 2 symbolic link, 3 character device,
/// 4 block device, 5 directory, 6 fifo, x and g PAX headers, L and K GNU's long names.
struct Member {
  char type = '0';
  std::string name{};
  std::string data{};
  std::string link{};
  unsigned mode = 0644;
  unsigned user = 0;
  unsigned group = 0;
  std::int64_t time = 1'000'000'000;
  unsigned device_major = 0;
  unsigned device_minor = 0;
  /// Written as a PAX header before it: `{"SCHILY.xattr.user.a", "value"}`.
  std::vector<std::pair<std::string, std::string>> pax{};
};

/// All members and the end marker: two blocks of zeros.
[[nodiscard]] std::string archive_of(const std::vector<Member>& members);

/// One member with its data, padded; without an end marker.
[[nodiscard]] std::string blocks_of(const Member& member);

/// The records of a PAX header: `30 mtime=1350244992.023960108\n`.
[[nodiscard]] std::string pax_records(const std::vector<std::pair<std::string, std::string>>& pairs);

[[nodiscard]] inline Member file(std::string name, std::string data = "") {
  return {.type = '0', .name = std::move(name), .data = std::move(data)};
}
[[nodiscard]] inline Member directory(std::string name, unsigned mode = 0755) {
  return {.type = '5', .name = std::move(name), .mode = mode};
}
[[nodiscard]] inline Member symlink_to(std::string link, std::string name) {
  return {.type = '2', .name = std::move(name), .link = std::move(link), .mode = 0777};
}
[[nodiscard]] inline Member hard_link_to(std::string link, std::string name) {
  return {.type = '1', .name = std::move(name), .link = std::move(link)};
}

/// Packed by gzip or zstd, as the sinks of chapter 8 do it.
[[nodiscard]] std::string gzip_of(const std::string& plain);
[[nodiscard]] std::string zstd_of(const std::string& plain);

}  // namespace dockwright
