// `builder du`: what is in the cache of builds, and how much it takes.

#include <fmt/format.h>

#include <memory>

#include "chapters/09-images/listing.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/12-build-cache/cache/retire.hpp"
#include "chapters/12-build-cache/commands/cache_commands.hpp"
#include "chapters/12-build-cache/mounts/mount_cache.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

/// Room on the disk, each layer counted once.
struct Usage {
  std::uint64_t shared = 0;  ///< With images.
  std::uint64_t own = 0;
};

Usage usage_of(const std::vector<CacheEntry>& entries,
               const std::set<Digest>& of_images) {
  Usage usage;
  std::set<Digest> counted;
  for (const CacheEntry& entry : entries) {
    const auto& layer = entry.record.layer;
    if (!layer || !counted.insert(layer->diff_id).second) continue;
    (of_images.contains(layer->diff_id) ? usage.shared : usage.own) +=
        entry.bytes;
  }
  return usage;
}

Row row_of(const CacheEntry& entry, const std::set<Digest>& of_images) {
  const auto& layer = entry.record.layer;
  const bool shared = layer && of_images.contains(layer->diff_id);
  return {
      {"ID", entry.name.substr(0, 25)},
      {"Reclaimable", shared ? "false" : "true"},
      {"Shared", shared ? "true" : "false"},
      {"Size", decimal_size(entry.bytes)},
      {"LastUsed", ago(entry.used, now_or_epoch())},
      {"Description", terminal::without_controls(entry.record.step)}};
}

Row row_of(const MountCacheEntry& entry) {
  return {{"ID", entry.name.substr(0, 25)},
          {"Reclaimable", entry.in_use ? "false" : "true"},
          {"Shared", "false"},
          {"Size", decimal_size(entry.bytes)},
          {"LastUsed", ago(entry.used, now_or_epoch())},
          {"Description", terminal::without_controls(
                              "RUN --mount=type=cache " + entry.id)}};
}

int usage(const std::string& format) {
  const Store store = Store::open();
  const std::vector<CacheEntry> entries = BuildCache{store}.entries();
  const std::set<Digest> of_images = layers_of_images(store);
  Listing listing{.columns = {{"ID", "ID"},
                              {"Reclaimable", "RECLAIMABLE"},
                              {"Size", "SIZE"},
                              {"LastUsed", "LAST ACCESSED"},
                              {"Description", "DESCRIPTION"},
                              {"Shared", "SHARED", false}}};
  for (const CacheEntry& entry : entries)
    if (!entry.record.contents)
      listing.rows.push_back(row_of(entry, of_images));
  Usage all = usage_of(entries, of_images);
  for (const MountCacheEntry& entry : mount_caches(store)) {
    listing.rows.push_back(row_of(entry));
    all.own += entry.bytes;
  }
  std::string text = listed(listing, format);
  if (format.empty()) {
    text += fmt::format(
        "Shared:\t\t{}\nPrivate:\t{}\n"
        "Reclaimable:\t{}\nTotal:\t\t{}\n",
        decimal_size(all.shared), decimal_size(all.own),
        decimal_size(all.own), decimal_size(all.shared + all.own));
  }
  print(text);
  return 0;
}

}  // namespace

cli::Command cache_usage_command(const char* name) {
  return {.name = name,
          .about = "Show what builds keep, and how much it takes",
          .chapter = 12,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto format = std::make_shared<std::string>();
            options.value("--format", *format, "FORMAT",
                          "table, json, or a template: '{{.Size}}'");
            return [format] { return usage(*format); };
          }};
}

}  // namespace dockwright
