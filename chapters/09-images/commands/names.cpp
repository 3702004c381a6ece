// `tag` and `rmi`: names come and go, and with its last name an image
// goes, too. Nothing is removed that a container stands on, or another
// image.

#include <algorithm>
#include <memory>

#include "chapters/09-images/collect.hpp"
#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/09-images/running.hpp"

namespace dockwright {

namespace {

struct RemoveOptions {
  std::vector<std::string> names{};
  bool force = false;
};

int tag(const std::vector<std::string>& words) {
  expect_words(words, 2, 2,
               "tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]");
  const Reference name = Reference::parse(words[1]);
  if (name.digest())
    throw Failure{fmt::format(
        "{}: a digest is no name that can be given", words[1])};
  const Store store = Store::open();
  store.tag(name, need_image(store, words[0]).descriptor);
  return 0;
}

/// The container that stands on this image, if one does.
std::optional<std::string> user_of(
    const Store& store, const Digest& manifest,
    const std::optional<Digest>& chosen) {
  for (const InUse& use : containers_in_use(store))
    if (use.image &&
        (use.image->digest == manifest || use.image->digest == chosen))
      return use.container.substr(0, 12);
  return std::nullopt;
}

/// What is removed with an image: how it was called inside.
struct Parts {
  Digest id;
  std::vector<Descriptor> layers{};
  std::vector<Digest> diff_ids{};
  std::optional<Digest> manifest{};
};

/// Without its documents an image has no parts, and can still go.
Parts parts_of(const Store& store, const StoredImage& image) {
  if (!image.id) return {.id = image.descriptor.digest};
  const Image whole =
      load_image(store, image.descriptor, Platform::of_this_machine());
  return {.id = *image.id,
          .layers = whole.manifest.layers,
          .diff_ids = whole.config.diff_ids,
          .manifest = whole.descriptor.digest};
}

/// Docker's lines for what is gone: the image, then its layers from the
/// top.
std::string deleted_lines(const Parts& parts,
                          const Collected& collected) {
  std::string text = fmt::format("Deleted: {}\n", parts.id.str());
  const auto gone = [&](const Digest& blob) {
    return std::find(collected.blobs.begin(), collected.blobs.end(),
                     blob) != collected.blobs.end();
  };
  for (std::size_t i = parts.layers.size(); i-- > 0;)
    if (gone(parts.layers[i].digest))
      text += fmt::format("Deleted: {}\n", parts.diff_ids.at(i).str());
  return text;
}

/// One `rmi NAME`: which names go, and whether the image does.
class Removal {
 public:
  Removal(Store& store, const std::string& word, bool force)
      : store_{store},
        word_{word},
        image_{need_image(store, word)},
        names_{names()},
        parts_{parts_of(store, image_)} {
    const auto reference = Reference::try_parse(word);
    by_name_ = image_.name && reference && image_.name == reference &&
               !reference->digest();
    refuse_used(force);
    refuse_many(force);
  }

  void operator()() {
    std::string text;
    for (const Reference& name : leaving()) {
      ignore(static_cast<long>(store_.untag(name)), "it was there");
      text += fmt::format("Untagged: {}\n", name.familiar());
    }
    if (leaving().size() == names_.size() && !used_) {
      ignore(static_cast<long>(store_.forget(image_.descriptor.digest)),
             "with its last name it may be gone already");
      const auto collected =
          collect(store_, Prune::none, Store::Wait::no);
      // Others use the store: what is not needed goes by the next one.
      text += deleted_lines(parts_, collected.value_or(Collected{}));
    }
    print(text);
  }

 private:
  [[nodiscard]] std::vector<Reference> names() const {
    std::vector<Reference> names;
    for (const StoredImage& other : store_.images())
      if (other.name &&
          other.descriptor.digest == image_.descriptor.digest)
        names.push_back(*other.name);
    return names;
  }
  [[nodiscard]] std::vector<Reference> leaving() const {
    return by_name_ ? std::vector{*image_.name} : names_;
  }

  void refuse_used(bool force) {
    used_ = user_of(store_, image_.descriptor.digest, parts_.manifest);
    if (!used_ || leaving().size() < names_.size()) return;
    if (!by_name_)
      throw Failure{fmt::format(
          "conflict: unable to delete {} (cannot be forced) - image is "
          "being used by running container {}",
          word_, *used_)};
    if (!force)
      throw Failure{fmt::format(
          "conflict: unable to remove repository reference \"{}\" "
          "(must "
          "force) - container {} is using its referenced image {}",
          word_, *used_, parts_.id.short_hex())};
  }

  void refuse_many(bool force) const {
    if (force || by_name_ || names_.size() < 2) return;
    std::string list;
    for (const Reference& name : names_)
      list += (list.empty() ? "" : ", ") + name.familiar();
    throw Failure{fmt::format(
        "conflict: unable to delete {} (must be forced) - image is "
        "referenced in multiple repositories: {}",
        word_, list)};
  }

  Store& store_;
  const std::string& word_;
  StoredImage image_;
  std::vector<Reference> names_;
  Parts parts_;
  bool by_name_ = false;
  std::optional<std::string> used_{};
};

int remove(const RemoveOptions& options) {
  if (options.names.empty())
    throw Failure{"rmi is followed by the names of images"};
  Store store = open_store_to_remove();
  for (const std::string& name : options.names) {
    if (options.force && !store.find(name)) continue;
    Removal{store, name, options.force}();
  }
  return 0;
}

}  // namespace

cli::Command tag_command(const char* name) {
  return {.name = name,
          .about = "Give an image another name",
          .chapter = 9,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto words =
                std::make_shared<std::vector<std::string>>();
            options.words(*words, "SOURCE TARGET",
                          "An image, and what it is to be called, too");
            return [words] { return tag(*words); };
          }};
}

cli::Command remove_command(const char* name) {
  return {.name = name,
          .about = "Take names from images; remove those without any",
          .chapter = 9,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<RemoveOptions>();
            options.words(asked->names, "IMAGE...",
                          "Names, or IDs for images with all names");
            options.flag("-f,--force", asked->force, true,
                         "Also where it has more names, or is in use");
            return [asked] { return remove(*asked); };
          }};
}

}  // namespace dockwright
