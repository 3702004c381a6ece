#include "chapters/12-build-cache/cache/build_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "chapters/09-images/unpacked.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

constexpr std::size_t kLargestRecord = 4U << 20;
constexpr const char* kTurns = "cache.lock";
constexpr mode_t kSealed = 0444;

/// A number that is the same until the machine is started again.
std::string this_boot() {
  const UniqueFd file{check_call(
      "open",
      ::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC),
      "ask which boot of the machine this is")};
  std::string text(64, '\0');
  const auto size =
      check_call("read", ::read(file.get(), text.data(), text.size()),
                 "ask which boot of the machine this is");
  text.resize(static_cast<std::size_t>(size));
  return text.substr(0, text.find('\n'));
}

std::optional<struct stat> status_of(const UniqueFd& directory,
                                     const std::string& name) {
  struct stat status {};
  if (::fstatat(directory.get(), name.c_str(), &status,
                AT_SYMLINK_NOFOLLOW) != 0)
    return std::nullopt;
  return status;
}

/// Each key has a byte of one file, far behind its end: a lock on a
/// byte that is not there is a lock like any other, and needs no file
/// of its own that somebody would have to sweep.
off_t byte_of(const Digest& key) {
  off_t place = 0;
  constexpr int kDigits = 15;  // 60 bits: a file has no more than 63
  const std::string digits = key.hex().substr(0, kDigits);
  std::from_chars(digits.data(), digits.data() + digits.size(), place,
                  16);
  return place;
}

std::uint64_t bytes_of(const Store& store, const BuiltLayer& layer) {
  const auto unpacked = find_unpacked(store, layer.diff_id);
  return layer.blob.size + (unpacked ? unpacked->bytes : 0);
}

}  // namespace

BuildCache::BuildCache(const Store& store)
    : store_{store},
      directory_{
          files::directory_at(store.root(), kCacheDirectory, 0700)},
      boot_{this_boot()} {}

std::optional<ReadRecord> BuildCache::read(
    const std::string& name) const {
  try {
    const auto text = files::read_at(directory_, name, kLargestRecord);
    if (text) return parse_record(name, *text);
  } catch (const Failure&) {
    // It is as good as none; `system check` tells of it.
  }
  return std::nullopt;
}

bool BuildCache::lasts(const std::string& name,
                       const ReadRecord& record) const {
  if (record.boot == boot_) return true;
  const auto status = status_of(directory_, name);
  return status && (status->st_mode & S_IWUSR) == 0;
}

std::optional<CacheRecord> BuildCache::find(
    const StepInputs& inputs) const {
  const std::string name = inputs.key().hex();
  auto found = read(name);
  if (!found || !lasts(name, *found)) return std::nullopt;
  CacheRecord& record = found->record;
  if (record.layer && !store_.has(record.layer->blob))
    return std::nullopt;
  ignore(::utimensat(directory_.get(), name.c_str(), nullptr,
                     AT_SYMLINK_NOFOLLOW),
         "a store that can only be read remembers no use");
  return std::move(record);
}

void BuildCache::keep(const CacheRecord& record) const {
  // Whoever finds no layer of that name in its boot builds it again:
  // there is no need to wait for the disk.
  files::replace(
      {store_.temporary(), directory_, record.inputs.key().hex()},
      record.to_json(boot_), files::Durability::fleeting);
}

void BuildCache::seal(const std::vector<CacheRecord>& records) const {
  for (const CacheRecord& one : records) {
    const std::string name = one.inputs.key().hex();
    const auto status = status_of(directory_, name);
    if (!status || (status->st_mode & S_IWUSR) == 0) continue;
    const auto record = read(name);
    if (!record || record->boot != boot_) continue;
    const int sealed =
        ::fchmodat(directory_.get(), name.c_str(), kSealed, 0);
    if (sealed == -1 && errno != ENOENT)
      check_call("fchmodat", sealed, "seal the record {}", name);
  }
}

//! [turn]
UniqueFd BuildCache::take_turn(const Digest& key) const {
  // Its own opening of the file: the lock belongs to that, not to the
  // process, and ends with its last descriptor.
  UniqueFd turns{check_call(
      "openat",
      ::openat(store_.root().get(), kTurns,
               O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600),
      "open the locks of the cache")};
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte_of(key);
  lock.l_len = 1;
  check_call("fcntl", retry([&] {
               return ::fcntl(turns.get(), F_OFD_SETLKW, &lock);
             }),
             "wait for another build that makes the same");
  return turns;
}
//! [turn]

std::vector<CacheEntry> BuildCache::entries() const {
  std::vector<CacheEntry> all;
  for (const std::string& name : files::names_in(directory_)) {
    const auto status = status_of(directory_, name);
    auto found = read(name);
    if (!status || !found) continue;
    CacheEntry entry{.name = name,
                     .record = std::move(found->record),
                     .used = status->st_mtim.tv_sec};
    if (entry.record.layer)
      entry.bytes = bytes_of(store_, *entry.record.layer);
    all.push_back(std::move(entry));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const CacheEntry& a, const CacheEntry& b) {
                     return a.used > b.used;
                   });
  return all;
}

void BuildCache::forget(const std::string& name) const {
  ignore(static_cast<long>(files::remove_file(directory_, name)),
         "somebody else was faster");
}

}  // namespace dockwright
