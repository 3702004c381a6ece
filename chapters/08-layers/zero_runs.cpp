#include "chapters/08-layers/zero_runs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kBlock = 4096;
constexpr std::size_t kPiece = 256 * 1024;

bool is_zero(const char* bytes, std::size_t size) {
  return bytes[0] == 0 && std::memcmp(bytes, bytes + 1, size - 1) == 0;
}

/// Collects blocks that are not zero into runs, over zeroes that are
/// too few to be a hole.
class Runs {
 public:
  void add(std::uint64_t offset, std::uint64_t size) {
    if (!runs_.empty()) {
      DataRun& last = runs_.back();
      if (offset - (last.offset + last.size) < kShortestHole) {
        last.size = offset + size - last.offset;
        return;
      }
    } else if (offset < kShortestHole) {
      size += offset;
      offset = 0;
    }
    runs_.push_back({offset, size});
  }

  std::vector<DataRun> of(std::uint64_t file_size) && {
    if (runs_.empty()) return {{file_size, 0}};  // nothing but a hole
    DataRun& last = runs_.back();
    if (file_size - (last.offset + last.size) < kShortestHole)
      last.size = file_size - last.offset;
    const bool whole = runs_.size() == 1 && runs_[0].offset == 0 &&
                       last.size == file_size;
    return whole ? std::vector<DataRun>{} : std::move(runs_);
  }

 private:
  std::vector<DataRun> runs_{};
};

/// Where the next bytes are that the disk knows of: what is before them
/// is zero, and need not be read.
std::uint64_t skip_hole(const UniqueFd& file, std::uint64_t at,
                        std::uint64_t size) {
  const auto found =
      ::lseek(file.get(), static_cast<off_t>(at), SEEK_DATA);
  if (found == -1 && errno == ENXIO) return size;  // no more
  return found == -1
             ? at
             : static_cast<std::uint64_t>(found) / kBlock * kBlock;
}

}  // namespace

std::vector<DataRun> find_data(const UniqueFd& file,
                               std::uint64_t size) {
  if (size < kShortestHole) return {};
  Runs runs;
  std::string piece(kPiece, '\0');
  for (std::uint64_t at = 0; at < size;) {
    at = std::max(at, skip_hole(file, at, size));
    if (at >= size) break;
    const auto got =
        check(retry([&] {
                return ::pread(file.get(), piece.data(), piece.size(),
                               static_cast<off_t>(at));
              }),
              "look for holes");
    if (got == 0) break;  // it became shorter: the reader will say so
    const auto bytes = static_cast<std::size_t>(got);
    for (std::size_t in = 0; in < bytes; in += kBlock) {
      const std::size_t part = std::min(kBlock, bytes - in);
      if (!is_zero(piece.data() + in, part)) runs.add(at + in, part);
    }
    at += bytes;
  }
  return std::move(runs).of(size);
}

}  // namespace dockwright
