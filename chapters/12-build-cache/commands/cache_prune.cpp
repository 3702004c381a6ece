// `builder prune`: forgets records of the cache, and then removes what
// nobody needs any more.

#include <unistd.h>

#include <algorithm>
#include <memory>

#include "chapters/05-cgroups/quantities.hpp"
#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/filters.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/12-build-cache/cache/retire.hpp"
#include "chapters/12-build-cache/commands/cache_commands.hpp"
#include "chapters/12-build-cache/mounts/mount_cache.hpp"

namespace dockwright {

namespace {

struct PruneOptions {
  RetireRules rules{};
  std::string keep_storage{};
  bool force = false;
};

/// Nobody to ask is nobody who says yes.
bool agreed(bool all) {
  print(
      fmt::format("WARNING! This will remove all {}build cache. "
                  "Are you sure you want to continue? [y/N] ",
                  all ? "" : "dangling "));
  char answer = 'n';
  return retry([&] { return ::read(STDIN_FILENO, &answer, 1); }) == 1 &&
         (answer == 'y' || answer == 'Y');
}

void add_filter(RetireRules& rules, const std::string& text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string name = text.substr(0, equals);
  const std::string value =
      equals < text.size() ? text.substr(equals + 1) : "";
  if ((name == "until" || name == "unused-for") && !value.empty())
    rules.before = parse_until(value);
  else if (name == "id" && !value.empty())
    rules.ids.push_back(value);
  else
    throw Failure{
        fmt::format("--filter '{}': until=TIME, "
                    "unused-for=SPAN and id=ID are known",
                    text)};
}

/// The directories of RUN --mount=type=cache, by the same rules but for
/// sizes: they are nobody's but the cache's.
std::string retire_mounts(const Store& store, const RetireRules& rules,
                          std::uint64_t& bytes) {
  std::string text;
  if (rules.keep_bytes) return text;
  for (const MountCacheEntry& entry : mount_caches(store)) {
    const bool named = rules.ids.empty() ||
                       std::find(rules.ids.begin(), rules.ids.end(),
                                 entry.id) != rules.ids.end();
    const bool old = !rules.before || entry.used < *rules.before;
    if (!rules.all || !named || !old || entry.in_use) continue;
    if (!remove_mount_cache(store, entry)) continue;
    bytes += entry.bytes;
    text += entry.name.substr(0, 25) + "\n";
  }
  return text;
}

int prune(PruneOptions& options) {
  if (options.keep_storage == "0")
    options.rules.keep_bytes = 0;
  else if (!options.keep_storage.empty())
    options.rules.keep_bytes =
        parse_size("--keep-storage", options.keep_storage);
  if (!options.force && !agreed(options.rules.all)) return 0;
  Store store = open_store_to_remove();
  const BuildCache cache{store};
  std::string text;
  for (const CacheEntry& entry : choose_to_retire(
           cache.entries(), options.rules, layers_of_images(store))) {
    cache.forget(entry.name);
    text += entry.name.substr(0, 25) + "\n";
  }
  Collected gone = *collect(store, Prune::none, Store::Wait::yes);
  text += retire_mounts(store, options.rules, gone.bytes);
  if (!text.empty())
    text = "Deleted build cache objects:\n" + text + "\n";
  print(text + fmt::format("Total reclaimed space: {}\n",
                           decimal_size(gone.bytes)));
  return 0;
}

}  // namespace

cli::Command cache_prune_command(const char* name) {
  return {.name = name,
          .about = "Remove what builds keep for the next one",
          .chapter = 12,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<PruneOptions>();
            options.flag(
                "-a,--all", asked->rules.all, true,
                "Also what images and RUN --mount=type=cache have");
            options.flag("-f,--force", asked->force, true,
                         "Do not ask");
            options.each(
                "--filter",
                [asked](const std::string& text) {
                  add_filter(asked->rules, text);
                },
                "NAME=VALUE", "until=TIME, such as 24h, or id=ID");
            options.value("--keep-storage", asked->keep_storage,
                          "BYTES", "Leave so much: what was used last");
            return [asked] { return prune(*asked); };
          }};
}

}  // namespace dockwright
