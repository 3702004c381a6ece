#include "chapters/08-layers/stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kBlock = 1024 * 1024;

}  // namespace

FileSource::FileSource(UniqueFd file, std::string name)
    : file_{std::move(file)}, name_{std::move(name)} {
  ignore(::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL),
         "a pipe has nothing to read ahead");
}

std::string_view FileSource::next() {
  if (block_.empty()) block_.resize(kBlock);
  const auto size = check_call(
      "read",
      retry([&] { return ::read(file_.get(), block_.data(), kBlock); }),
      "read {}", name_);
  return std::string_view{block_}.substr(
      0, static_cast<std::size_t>(size));
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
