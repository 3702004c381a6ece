// `image prune`: what nobody needs any more.

#include <unistd.h>

#include <algorithm>
#include <memory>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/commands/filters.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/09-images/running.hpp"
#include "chapters/09-images/timestamp.hpp"

namespace dockwright {

namespace {

struct PruneOptions {
  ImageFilters filters{};
  bool filtered = false;
  bool all = false;
  bool force = false;
};

/// Nobody to ask is nobody who says yes.
bool agreed(bool all) {
  print(fmt::format(
      "WARNING! This will remove all {}.\n"
      "Are you sure you want to continue? [y/N] ",
      all ? "images without at least one container associated to them"
          : "dangling images"));
  char answer = 'n';
  return retry([&] { return ::read(STDIN_FILENO, &answer, 1); }) == 1 &&
         (answer == 'y' || answer == 'Y');
}

/// Forgets those that the filters name; the rest is then swept.
std::vector<StoredImage> forget_filtered(Store& store,
                                         PruneOptions& options) {
  options.filters.prepare(store);
  std::vector<StoredImage> gone;
  const std::vector<InUse> uses = containers_in_use(store);
  for (const StoredImage& image : store.images()) {
    const bool used =
        std::any_of(uses.begin(), uses.end(), [&](const InUse& use) {
          return use.image &&
                 use.image->digest == image.descriptor.digest;
        });
    if (used || (image.name && !options.all)) continue;
    if (!options.filters.match(store, image)) continue;
    ignore(static_cast<long>(
               image.name ? store.untag(*image.name)
                          : store.forget(image.descriptor.digest)),
           "somebody else was faster");
    gone.push_back(image);
  }
  return gone;
}

int prune(PruneOptions& options) {
  if (!options.force && !agreed(options.all)) return 0;
  Store store = open_store_to_remove();
  Collected collected;
  std::vector<StoredImage> gone;
  if (options.filtered) gone = forget_filtered(store, options);
  const Prune which = options.filtered ? Prune::none
                      : options.all    ? Prune::unused
                                       : Prune::dangling;
  collected = *collect(store, which, Store::Wait::yes);
  gone.insert(gone.end(), collected.images.begin(),
              collected.images.end());
  std::string text = gone.empty() ? "" : "Deleted Images:\n";
  for (const StoredImage& image : gone) {
    if (image.name)
      text += fmt::format("untagged: {}\n", image.name->familiar());
    text +=
        fmt::format("deleted: {}\n",
                    image.id.value_or(image.descriptor.digest).str());
  }
  print(text + fmt::format("{}Total reclaimed space: {}\n",
                           gone.empty() ? "" : "\n",
                           decimal_size(collected.bytes)));
  return 0;
}

}  // namespace

cli::Command prune_command(const char* name) {
  return {
      .name = name,
      .about = "Remove images without a name, and what nobody needs",
      .chapter = 9,
      .declare = [](cli::Options& options) -> std::function<int()> {
        const auto asked = std::make_shared<PruneOptions>();
        options.flag("-a,--all", asked->all, true,
                     "All on which no container runs, also with names");
        options.flag("-f,--force", asked->force, true, "Do not ask");
        options.each(
            "--filter",
            [asked](const std::string& text) {
              asked->filters.add(text);
              asked->filtered = true;
            },
            "NAME=VALUE", "label=KEY[=VALUE], until=TIME");
        return [asked] { return prune(*asked); };
      }};
}

}  // namespace dockwright
