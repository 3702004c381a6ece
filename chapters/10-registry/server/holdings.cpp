#include "chapters/10-registry/server/holdings.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/store_index.hpp"
#include "chapters/10-registry/server/route.hpp"
#include "common/check.hpp"

namespace dockwright::serve {

namespace {

/// After so long, a push that has not come to its end never will.
constexpr std::chrono::hours kArrivalsKept{1};
constexpr std::size_t kMostArrivals = 100'000;
constexpr std::size_t kMostRepositories = 1000;

bool is_same(const Reference& name, const Reference& repository) {
  return name.registry() == repository.registry() &&
         name.repository() == repository.repository();
}

/// A blob's file and size; nothing when it is not there.
std::optional<OpenBlob> open_blob(const Store& store,
                                  const Digest& digest) {
  auto file = files::try_open_at(store.blobs(), digest.hex(),
                                 O_RDONLY | O_NONBLOCK);
  if (!file) return std::nullopt;
  struct stat status {};
  check_call("fstat", ::fstat(file->get(), &status), "look at blob {}",
             digest.str());
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return OpenBlob{.file = *std::move(file),
                  .size = static_cast<std::uint64_t>(status.st_size)};
}

}  // namespace

std::string key_of(const Reference& repository) {
  return repository.registry() + '/' + repository.repository();
}

void Arrivals::add(const Reference& repository, const Digest& digest) {
  const auto now = Clock::now();
  const std::lock_guard lock{mutex_};
  if (when_.size() >= kMostArrivals)
    std::erase_if(when_, [&](const auto& arrival) {
      return now - arrival.second > kArrivalsKept;
    });
  if (when_.size() >= kMostArrivals) when_.clear();
  when_[{key_of(repository), digest}] = now;
}

bool Arrivals::has(const Reference& repository,
                   const Digest& digest) const {
  const std::lock_guard lock{mutex_};
  const auto found = when_.find({key_of(repository), digest});
  return found != when_.end() &&
         Clock::now() - found->second <= kArrivalsKept;
}

std::string Holdings::own_registry() const {
  return fmt::format("localhost:{}", port_.load());
}

Reference Holdings::kept_as(const Reference& repository) const {
  return Reference::parse(
      fmt::format("{}/{}", own_registry(), repository.familiar_name()),
      DefaultTag::none);
}

bool Holdings::is_in(const Reference& name,
                     const Reference& repository) const {
  return is_same(name, repository) ||
         is_same(name, kept_as(repository));
}

std::vector<std::string> Holdings::repositories(
    const Store& store) const {
  std::set<std::string> names;
  for (const Descriptor& entry : read_index(store).manifests)
    if (const auto name = name_of(entry))
      if (std::string asked = name->registry() == own_registry()
                                  ? name->repository()
                                  : name->familiar_name();
          parse_repository(asked))
        names.insert(std::move(asked));
  return {names.begin(), names.end()};
}

std::optional<std::vector<std::string>> Holdings::tags(
    const Store& store, const Reference& repository) const {
  std::set<std::string> tags;
  bool found = false;
  for (const Descriptor& entry : read_index(store).manifests) {
    const auto name = name_of(entry);
    if (!name || !is_in(*name, repository)) continue;
    found = true;
    if (name->tag()) tags.insert(*name->tag());
  }
  if (!found) return std::nullopt;
  return std::vector<std::string>{tags.begin(), tags.end()};
}

Holdings::Edition Holdings::edition_of(const Store& store) {
  struct stat status {};
  check_call("fstatat",
             ::fstatat(store.root().get(), "index.json", &status,
                       AT_SYMLINK_NOFOLLOW),
             "look at {}/index.json", store.path());
  return {.inode = status.st_ino,
          .seconds = status.st_mtim.tv_sec,
          .nanoseconds = status.st_mtim.tv_nsec};
}

bool Holdings::belongs(const Store& store, const Reference& repository,
                       const Digest& digest) const {
  const std::lock_guard lock{mutex_};
  // Asked before the index is read: a change in between is then seen
  // the next time.
  const Edition edition = edition_of(store);
  if (edition != edition_ || contents_.size() >= kMostRepositories)
    contents_.clear();
  edition_ = edition;
  const std::string key = key_of(repository);
  auto contents = contents_.find(key);
  if (contents == contents_.end()) {
    Needed needed;
    for (const Descriptor& entry : read_index(store).manifests)
      if (const auto name = name_of(entry);
          name && is_in(*name, repository))
        needed.add(store, entry);
    contents = contents_.emplace(key, std::move(needed.blobs)).first;
  }
  return contents->second.contains(digest);
}

std::optional<Descriptor> Holdings::manifest(
    const Store& store, const Reference& repository,
    const std::string& reference) const {
  if (is_tag(reference)) {
    Index index = read_index(store);
    for (const Reference& place : {kept_as(repository), repository})
      for (Descriptor& entry : index.manifests)
        if (const auto name = name_of(entry);
            name && is_same(*name, place) && name->tag() == reference)
          return std::move(entry);
    return std::nullopt;
  }
  const auto digest = Digest::try_parse(reference);
  if (!digest) return std::nullopt;
  const auto found = blob(store, repository, *digest);
  if (!found) return std::nullopt;
  return Descriptor{.digest = *digest, .size = found->size};
}

std::optional<OpenBlob> Holdings::blob(const Store& store,
                                       const Reference& repository,
                                       const Digest& digest) const {
  if (!arrivals_.has(repository, digest) &&
      !belongs(store, repository, digest))
    return std::nullopt;
  return open_blob(store, digest);
}

}  // namespace dockwright::serve
