#include "chapters/11-dockerfile/copy/hash_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

constexpr std::string_view kFormat = "dwhash2\n";
constexpr const char* kDirectory = "hashes";
constexpr std::size_t kMostBytes = 1U << 30U;
constexpr std::int64_t kSecond = 1'000'000'000;
/// Longer than any tick of the kernel's clock.
constexpr std::int64_t kTick = 20'000'000;
constexpr std::uint64_t kSayUsedAfter = 24ULL * 3600;
constexpr std::uint64_t kForgetAfter = 14ULL * 24 * 3600;

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

std::int64_t now() {
  timespec time{};
  check_call("clock_gettime", ::clock_gettime(CLOCK_REALTIME, &time),
             "ask for the time");
  return nanoseconds(time);
}

unsigned digit_value(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0'
                                            : digit - 'a' + 10);
}

}  // namespace

HashCache::HashCache(const Store& store, const UniqueFd& root)
    : store_{store}, now_{static_cast<std::uint64_t>(now() / kSecond)} {
  struct stat status {};
  check_call("fstat", ::fstat(root.get(), &status),
             "look at the context");
  name_ = fmt::format("{}-{}", status.st_dev, status.st_ino);
  const UniqueFd directory =
      files::directory_at(store.root(), kDirectory, 0700);
  bytes_ = files::read_at(directory, name_, kMostBytes).value_or("");
  if (!bytes_.starts_with(kFormat) ||
      (bytes_.size() - kFormat.size()) % sizeof(Row) != 0)
    bytes_.clear();
}

HashCache::~HashCache() = default;

HashCache::Row HashCache::key_of(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = static_cast<std::uint64_t>(status.st_size),
          .mtime = nanoseconds(status.st_mtim),
          .ctime = nanoseconds(status.st_ctim)};
}

std::size_t HashCache::rows() const {
  return bytes_.empty()
             ? 0
             : (bytes_.size() - kFormat.size()) / sizeof(Row);
}

HashCache::Row HashCache::row_at(std::size_t at) const {
  Row row;
  std::memcpy(&row, bytes_.data() + kFormat.size() + at * sizeof row,
              sizeof row);
  return row;
}

bool HashCache::by_number(const Row& one, const Row& other) {
  return std::pair{one.device, one.inode} <
         std::pair{other.device, other.inode};
}

/// By halving: the rows are sorted.
std::optional<HashCache::Row> HashCache::row_of(const Row& key) const {
  std::size_t low = 0;
  std::size_t high = rows();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (by_number(row_at(middle), key))
      low = middle + 1;
    else
      high = middle;
  }
  if (low == rows() || by_number(key, row_at(low))) return std::nullopt;
  return row_at(low);
}

std::optional<Digest> HashCache::find(const struct stat& status) {
  const Row key = key_of(status);
  const auto row = row_of(key);
  if (!row || row->size != key.size || row->mtime != key.mtime ||
      row->ctime != key.ctime)
    return std::nullopt;
  if (now_ - row->used > kSayUsedAfter) {
    Row used = *row;
    used.used = now_;
    news_.push_back(used);
  }
  return Digest::parse(
      fmt::format("sha256:{:02x}", fmt::join(row->digest, "")));
}

//! [settle]
void HashCache::settle(const UniqueFd& file,
                       struct stat& status) const {
  const std::int64_t age = now() - nanoseconds(status.st_ctim);
  if (age < 0 || age > kTick) return;
  const timespec tick{0, static_cast<long>(kTick)};
  ignore(::nanosleep(&tick, nullptr), "too early is only slower");
  check_call("fstat", ::fstat(file.get(), &status), "look at a file");
}
//! [settle]

void HashCache::keep(const struct stat& status, const Digest& digest) {
  Row row = key_of(status);
  const std::int64_t age = now() - row.ctime;
  // A file system that counts seconds only cannot tell more.
  const bool coarse =
      status.st_ctim.tv_nsec == 0 && status.st_mtim.tv_nsec == 0;
  if (age < (coarse ? 3 * kSecond : kTick)) return;
  row.used = now_;
  const std::string& hex = digest.hex();
  for (std::size_t at = 0; at < row.digest.size(); ++at)
    row.digest[at] = static_cast<unsigned char>(
        digit_value(hex[2 * at]) << 4U | digit_value(hex[2 * at + 1]));
  news_.push_back(row);
}

/// All rows: the old ones, but for those that are new, and those that
/// nobody has asked for since long.
std::string HashCache::merged() {
  std::stable_sort(news_.begin(), news_.end(), by_number);
  std::string all{kFormat};
  all.reserve(kFormat.size() + (rows() + news_.size()) * sizeof(Row));
  const auto add = [&](const Row& row) {
    all.append(reinterpret_cast<const char*>(&row), sizeof row);
  };
  auto fresh = news_.begin();
  // Of several rows of one file the last one is right.
  const auto add_fresh = [&] {
    const auto next = fresh + 1;
    if (next == news_.end() || by_number(*fresh, *next)) add(*fresh);
    fresh = next;
  };
  for (std::size_t at = 0; at < rows(); ++at) {
    const Row row = row_at(at);
    while (fresh != news_.end() && by_number(*fresh, row)) add_fresh();
    const bool replaced =
        fresh != news_.end() && !by_number(row, *fresh);
    if (!replaced && now_ - row.used < kForgetAfter) add(row);
  }
  while (fresh != news_.end()) add_fresh();
  return all;
}

void HashCache::save() {
  if (news_.empty()) return;
  std::string all = merged();
  const UniqueFd directory =
      files::directory_at(store_.root(), kDirectory, 0700);
  files::replace({store_.temporary(), directory, name_}, all,
                 files::Durability::fleeting);
  bytes_ = std::move(all);
  news_.clear();
}

}  // namespace dockwright
