#include "chapters/12-build-cache/mounts/mount_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>

#include "chapters/08-layers/contents.hpp"
#include "chapters/09-images/user_root.hpp"
#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace {

using Sharing = RunMount::Sharing;

constexpr unsigned kMostAtOnce = 1024;
constexpr std::size_t kLongestId = 4096;

UniqueFd open_store(const std::string& root) {
  return UniqueFd{check_call(
      "open store",
      ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open the store {}", root)};
}

/// Locks a number's directory as the step shares it. False when others
/// have it and we need not wait.
bool lock(const UniqueFd& number, Sharing sharing) {
  const int how = sharing == Sharing::shared   ? LOCK_SH
                  : sharing == Sharing::locked ? LOCK_EX
                                               : LOCK_EX | LOCK_NB;
  const int result = retry([&] { return ::flock(number.get(), how); });
  if (result == -1 && errno == EWOULDBLOCK) return false;
  check_call("flock", result, "lock a cache");
  return true;
}

/// Whether it still lies there: it may have been removed while we
/// waited.
bool is_linked(const UniqueFd& directory) {
  struct stat status {};
  check(::fstat(directory.get(), &status), "look at a cache");
  return status.st_nlink > 0;
}

/// Fills a new cache, beside its name, so that half of one is never
/// found.
void make_tree(const UniqueFd& number, const CacheRequest& request,
               const std::function<void(const UniqueFd&)>& fill) {
  const std::string half = files::unique_name("half-");
  const UniqueFd made = files::directory_at(number, half, request.mode);
  const auto furnish = [&] {
    if (fill) fill(made);
    check(::fchown(made.get(), request.user, request.group),
          "give a cache to user {}", request.user);
    check(::fchmod(made.get(), request.mode), "set a cache's mode");
  };
  as_root_of_user_namespace(furnish);
  // Else somebody who shares it was faster.
  if (!files::rename_new({number, half, number, "fs"}))
    files::remove_tree(number, half);
}

}  // namespace

CacheMount open_mount_cache(
    const std::string& root, const CacheRequest& request,
    const std::function<void(const UniqueFd& directory)>& fill) {
  const UniqueFd store = open_store(root);
  const UniqueFd all =
      files::directory_at(store, kMountsDirectory, 0700);
  const std::string name =
      Digest::of(request.id + '\0' + request.seed_name).hex();
  const UniqueFd own = files::directory_at(all, name, 0700);
  if (!files::read_at(own, "id", kLongestId))
    files::replace({own, own, "id"}, request.id.substr(0, kLongestId),
                   files::Durability::fleeting);
  for (unsigned number = 0; number < kMostAtOnce;) {
    const std::string digits = std::to_string(number);
    UniqueFd directory = files::directory_at(own, digits, 0700);
    if (!lock(directory, request.sharing)) {
      ++number;
      continue;
    }
    if (!is_linked(directory)) continue;
    if (!files::try_open_at(directory, "fs", O_PATH))
      make_tree(directory, request, fill);
    ignore(::futimens(directory.get(), nullptr),
           "when it was used is only a remark");
    return {fmt::format("{}/{}/{}/{}/fs", root, kMountsDirectory, name,
                        digits),
            std::move(directory)};
  }
  throw Failure{fmt::format("the cache {} is used by {} steps at once",
                            request.id, kMostAtOnce)};
}

std::vector<MountCacheEntry> mount_caches(const Store& store) {
  std::vector<MountCacheEntry> entries;
  constexpr int kList = O_RDONLY | O_DIRECTORY;
  const auto all =
      files::try_open_at(store.root(), kMountsDirectory, kList);
  if (!all) return entries;
  for (const std::string& name : files::names_in(*all)) {
    const auto own = files::try_open_at(*all, name, kList);
    if (!own) continue;
    const auto id = files::read_at(*own, "id", kLongestId);
    for (const std::string& number : files::names_in(*own)) {
      if (number == "id") continue;
      const auto directory = files::try_open_at(*own, number, kList);
      if (!directory) continue;
      struct stat status {};
      check(::fstat(directory->get(), &status), "look at a cache");
      const bool free =
          ::flock(directory->get(), LOCK_EX | LOCK_NB) == 0;
      entries.push_back(
          {.name = name + "/" + number,
           .id = id.value_or(""),
           .used = status.st_mtim.tv_sec,
           .bytes =
               amount_of(read_contents(*directory, Whiteouts::trusted))
                   .bytes,
           .in_use = !free});
    }
  }
  return entries;
}

bool remove_mount_cache(const Store& store,
                        const MountCacheEntry& entry) {
  const auto all = files::try_open_at(store.root(), kMountsDirectory,
                                      O_RDONLY | O_DIRECTORY);
  if (!all) return true;
  const std::string name = entry.name.substr(0, entry.name.find('/'));
  const std::string number = entry.name.substr(name.size() + 1);
  const auto own =
      files::try_open_at(*all, name, O_RDONLY | O_DIRECTORY);
  if (!own) return true;
  const auto directory =
      files::try_open_at(*own, number, O_RDONLY | O_DIRECTORY);
  if (!directory) return true;
  if (::flock(directory->get(), LOCK_EX | LOCK_NB) != 0) return false;
  remove_any_tree(*own, number);
  if (files::names_in(*own) == std::vector<std::string>{"id"})
    remove_any_tree(*all, name);
  return true;
}

}  // namespace dockwright
