// `images`: Docker's table of what is in the store.

#include <algorithm>
#include <memory>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/commands/filters.hpp"
#include "chapters/09-images/listing.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/09-images/timestamp.hpp"

namespace dockwright {

namespace {

struct ListOptions {
  std::vector<std::string> patterns{};
  ImageFilters filters{};
  std::string format{};
  bool all = false;
  bool quiet = false;
  bool digests = false;
  bool truncate = true;
};

constexpr const char* kNone = "<none>";

std::string id_of(const StoredImage& image, bool truncate) {
  const Digest& id = image.id ? *image.id : image.descriptor.digest;
  return truncate ? std::string{id.short_hex()} : id.str();
}

/// `2024-05-01 12:34:56 +0000 UTC`
std::string created_at(Seconds time) {
  std::string text = format_time(time);
  text[10] = ' ';
  text.pop_back();
  return text + " +0000 UTC";
}

Row row_of(const StoredImage& image, const ListOptions& options,
           Seconds now) {
  const auto created = parse_time(image.created);
  return {
      {"Containers", "N/A"},
      {"CreatedAt", created ? created_at(*created) : "N/A"},
      {"CreatedSince", created ? ago(*created, now) : "N/A"},
      {"Digest", image.descriptor.digest.str()},
      {"ID", id_of(image, options.truncate)},
      {"Repository", image.name ? image.name->familiar_name() : kNone},
      {"SharedSize", "N/A"},
      {"Size", decimal_size(image.bytes)},
      {"Tag", image.name ? image.name->tag().value_or(kNone) : kNone},
      {"UniqueSize", "N/A"},
      {"VirtualSize", decimal_size(image.bytes)}};
}

/// The newest first, as Docker has them.
void sort(std::vector<StoredImage>& images) {
  std::stable_sort(images.begin(), images.end(),
                   [](const StoredImage& a, const StoredImage& b) {
                     return parse_time(a.created).value_or(0) >
                            parse_time(b.created).value_or(0);
                   });
}

int list(ListOptions& options) {
  expect_words(options.patterns, 0, 1, "images [REPOSITORY[:TAG]]");
  for (const std::string& pattern : options.patterns)
    options.filters.add_reference(pattern);
  const Store store = Store::open();
  options.filters.prepare(store);
  std::vector<StoredImage> images = store.images();
  std::erase_if(images, [&](const StoredImage& image) {
    return !options.filters.match(store, image);
  });
  sort(images);
  if (options.quiet && options.format.empty()) {
    std::string text;
    for (const StoredImage& image : images)
      text += id_of(image, options.truncate) + "\n";
    print(text);
    return 0;
  }
  Listing listing{.columns = {{"Repository", "REPOSITORY"},
                              {"Tag", "TAG"},
                              {"Digest", "DIGEST", options.digests},
                              {"ID", "IMAGE ID"},
                              {"CreatedSince", "CREATED"},
                              {"CreatedAt", "CREATED AT", false},
                              {"Size", "SIZE"},
                              {"Containers", "CONTAINERS", false},
                              {"SharedSize", "SHARED SIZE", false},
                              {"UniqueSize", "UNIQUE SIZE", false},
                              {"VirtualSize", "SIZE", false}}};
  const Seconds now = now_or_epoch();
  for (const StoredImage& image : images)
    listing.rows.push_back(row_of(image, options, now));
  print(listed(listing, options.format));
  return 0;
}

}  // namespace

cli::Command list_command(const char* name) {
  return {
      .name = name,
      .about = "List the images of the store",
      .chapter = 9,
      .declare = [](cli::Options& options) -> std::function<int()> {
        const auto asked = std::make_shared<ListOptions>();
        options.words(asked->patterns, "[REPOSITORY[:TAG]]",
                      "Only these; * stands for any letters");
        options.flag("-a,--all", asked->all, true,
                     "As always here: no image is hidden");
        options.flag("-q,--quiet", asked->quiet, true, "Only the IDs");
        options.flag("--digests", asked->digests, true,
                     "With the digests of the manifests");
        options.flag("--no-trunc", asked->truncate, false,
                     "With the whole of each ID");
        options.each(
            "-f,--filter",
            [asked](const std::string& text) {
              asked->filters.add(text);
            },
            "NAME=VALUE",
            "dangling, reference, label, before, since, until");
        options.value("--format", asked->format, "FORMAT",
                      "table, json, or a template: '{{.Repository}}'");
        return [asked] { return list(*asked); };
      }};
}

}  // namespace dockwright
