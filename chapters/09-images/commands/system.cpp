// `system check`: is the store whole? `system df`: what does it take?

#include <algorithm>
#include <memory>
#include <set>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/listing.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/09-images/running.hpp"
#include "chapters/09-images/store_check.hpp"
#include "chapters/09-images/store_index.hpp"
#include "chapters/09-images/timestamp.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

std::string plural(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// Ends with 1 where something is wrong: what a script looks at.
int check_store_command() {
  const Store store = Store::open();
  const StoreReport report = check_store(store);
  std::string text;
  for (const Flaw& flaw : report.flaws)
    text += fmt::format("{}: {}\n{}", flaw.where, flaw.what,
                        flaw.cure.empty()
                            ? ""
                            : fmt::format("  cure: {}\n", flaw.cure));
  text += fmt::format(
      "{}, {} ({}), {} unpacked, {}: {}\n",
      plural(report.images, "image"), plural(report.blobs, "blob"),
      decimal_size(report.blob_bytes), plural(report.layers, "layer"),
      plural(report.containers, "container"),
      report.flaws.empty() ? "all is well"
                           : plural(report.flaws.size(), "flaw"));
  if (report.unused_blobs + report.unused_layers > 0)
    text += fmt::format(
        "{} and {} are not needed: `image prune` "
        "removes them\n",
        plural(report.unused_blobs, "blob"),
        plural(report.unused_layers, "layer"));
  print(terminal::without_controls(text));
  return report.flaws.empty() ? 0 : 1;
}

/// What builds keep (chapter 12), where there is any.
void add_build_cache(const Store& store, Listing& listing) {
  const std::vector<Kept> records = kept_records(store).whole;
  if (records.empty()) return;
  Needed of_images;
  for (const Descriptor& entry : read_index(store).manifests)
    of_images.add(store, entry);
  std::uint64_t bytes = 0;
  std::uint64_t idle = 0;
  std::set<Digest> counted;
  for (const Kept& record : records)
    for (std::size_t i = 0; i < record.blobs.size(); ++i) {
      const Digest& layer = record.layers[i];
      if (!counted.insert(layer).second) continue;
      const auto unpacked = find_unpacked(store, layer);
      const std::uint64_t size =
          record.blobs[i].size + (unpacked ? unpacked->bytes : 0);
      bytes += size;
      if (!of_images.layers.contains(layer)) idle += size;
    }
  listing.rows.push_back(
      {{"Type", "Build Cache"},
       {"TotalCount", std::to_string(records.size())},
       {"Active", "0"},
       {"Size", decimal_size(bytes)},
       {"Reclaimable", decimal_size(idle)}});
}

int usage(const std::string& format) {
  const Store store = Store::open();
  std::set<Digest> used;
  for (const InUse& use : containers_in_use(store))
    if (use.image) used.insert(use.image->digest);
  std::set<Digest> images;
  std::set<Digest> active;
  std::uint64_t bytes = 0;
  std::uint64_t idle = 0;
  for (const StoredImage& image : store.images()) {
    if (!images.insert(image.descriptor.digest).second) continue;
    bytes += image.bytes;
    if (used.contains(image.descriptor.digest))
      active.insert(image.descriptor.digest);
    else
      idle += image.bytes;
  }
  const std::size_t running = containers_in_use(store).size();
  Listing listing{.columns = {{"Type", "TYPE"},
                              {"TotalCount", "TOTAL"},
                              {"Active", "ACTIVE"},
                              {"Size", "SIZE"},
                              {"Reclaimable", "RECLAIMABLE"}}};
  listing.rows.push_back({{"Type", "Images"},
                          {"TotalCount", std::to_string(images.size())},
                          {"Active", std::to_string(active.size())},
                          {"Size", decimal_size(bytes)},
                          {"Reclaimable", decimal_size(idle)}});
  listing.rows.push_back({{"Type", "Containers"},
                          {"TotalCount", std::to_string(running)},
                          {"Active", std::to_string(running)},
                          {"Size", "N/A"},
                          {"Reclaimable", "0B"}});
  add_build_cache(store, listing);
  print(listed(listing, format));
  return 0;
}

}  // namespace

cli::Command check_command(const char* name) {
  return {.name = name,
          .about = "Compare all that is stored with its digests",
          .chapter = 9,
          .declare = [](cli::Options&) -> std::function<int()> {
            return check_store_command;
          }};
}

cli::Command usage_command(const char* name) {
  return {.name = name,
          .about = "Show how much images and containers take",
          .chapter = 9,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto format = std::make_shared<std::string>();
            options.value("--format", *format, "FORMAT",
                          "table, json, or a template: '{{.Size}}'");
            return [format] { return usage(*format); };
          }};
}

}  // namespace dockwright
