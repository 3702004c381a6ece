#include "chapters/08-layers/stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kBlock = 1024UL * 1024;

}  // namespace

std::size_t Source::fill(std::span<char> room) {
  if (left_.empty()) left_ = next();
  const std::size_t size = std::min(left_.size(), room.size());
  std::copy_n(left_.begin(), size, room.begin());
  left_.remove_prefix(size);
  return size;
}

FileSource::FileSource(UniqueFd file, std::string name)
    : file_{std::move(file)}, name_{std::move(name)} {
  ignore(::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL),
         "a pipe has nothing to read ahead");
}

std::size_t FileSource::fill(std::span<char> room) {
  const auto size =
      check_call("read", retry([&] {
                   return ::read(file_.get(), room.data(), room.size());
                 }),
                 "read {}", name_);
  return static_cast<std::size_t>(size);
}

std::string_view FileSource::next() {
  if (block_.empty()) block_.resize(kBlock);
  return std::string_view{block_}.substr(0, fill(block_));
}

std::string_view MemorySource::next() {
  return std::exchange(given_, true) ? std::string_view{}
                                     : std::string_view{bytes_};
}

FileSink::FileSink(const UniqueFd& file, std::string name)
    : file_{file}, name_{std::move(name)} {}

void FileSink::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = check_call(
        "write", retry([&] {
          return ::write(file_.get(), bytes.data(), bytes.size());
        }),
        "write {}", name_);
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

std::string_view HashingSource::next() {
  const std::string_view bytes = from_->next();
  hasher_.update(bytes);
  bytes_ += bytes.size();
  return bytes;
}

void HashingSink::write(std::string_view bytes) {
  hasher_.update(bytes);
  bytes_ += bytes.size();
  to_.write(bytes);
}

void copy(Source& from, Sink& to) {
  for (auto bytes = from.next(); !bytes.empty(); bytes = from.next())
    to.write(bytes);
}

}  // namespace dockwright
