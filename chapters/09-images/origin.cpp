#include "chapters/09-images/origin.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "chapters/08-layers/layered_root.hpp"
#include "chapters/08-layers/layers.hpp"
#include "chapters/08-layers/upper.hpp"
#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/copy_tree.hpp"
#include "chapters/09-images/run_config.hpp"
#include "chapters/09-images/store.hpp"
#include "chapters/09-images/unpacked.hpp"
#include "common/explain.hpp"
#include "common/open_in_root.hpp"
#include "common/process.hpp"

namespace dockwright {

namespace {

StoredImage image_to_run(const Store& store, const std::string& name) {
  if (auto found = store.find(name)) return std::move(*found);
  const auto reference = Reference::try_parse(name);
  throw Failure{
      fmt::format("Unable to find image '{}' locally{}",
                  reference ? reference->familiar() : name,
                  nearest_image(store, name)),
      Advice{.cause = "the store holds no image of that name",
             .cure =
                 "see what there is by `images`; `load` or `import` "
                 "bring one from an archive (chapter 10: `pull`)",
             .chapter = 9,
             .anchor = "ch09-run"}};
}

/// An image that is no choice between platforms may be for another.
void check_platform(const Spec& asked, const Platform& made_for) {
  const Platform here = chosen_platform(asked.platform);
  if (made_for.architecture.empty() ||
      platform_match(here, made_for) > 0)
    return;
  if (!asked.platform.empty())
    throw Failure{fmt::format(
        "image with reference {} was found but its platform ({}) does "
        "not match the specified platform ({})",
        asked.image, made_for.str(), here.str())};
  const std::string warning = fmt::format(
      "WARNING: The requested image's platform ({}) does not match the "
      "detected host platform ({}) and no specific platform was "
      "requested\n",
      made_for.str(), here.str());
  ignore(::write(STDERR_FILENO, warning.data(), warning.size()),
         "it is a remark");
}

/// An image may have no layer at all; an overlay has one.
void add_empty_layer(Origin& origin) {
  const UniqueFd& own = origin.container->directory();
  origin.layers.push_back({files::directory_at(own, "empty", 0755),
                           origin.container->path() + "/empty"});
}

/// Unpacking is done by threads, and who has had threads cannot clone a
/// container: a child does it.
void unpack_missing(const Store& store, const Image& image,
                    const Spec& asked) {
  const auto& layers = image.config.diff_ids;
  if (std::all_of(layers.begin(), layers.end(),
                  [&](const Digest& layer) {
                    return find_unpacked(store, layer).has_value();
                  }))
    return;
  because("each layer is unpacked once, for all images that have it");
  Process unpacker = spawn({.speaker = "the unpacker"}, [&] {
    ArchiveLimits limits;
    for (const std::string& limit : asked.archive_limits)
      set_archive_limit(limits, limit);
    static_cast<void>(unpacked_layers(store, image, limits));
  });
  unpacker.expect_started();  // tells what went wrong in there
  ignore(unpacker.wait(), "it has told all");
}

void open_image_layers(const Store& store, const Image& image,
                       Origin& origin) {
  unpack_missing(store, image, origin.spec);
  std::vector<UniqueFd> trees = unpacked_layers(store, image);
  const auto& ids = image.config.diff_ids;
  std::size_t tree = 0;
  for (const std::size_t i : distinct_layers(ids))
    origin.layers.push_back(
        {std::move(trees[tree++]),
         fmt::format("{}/layers/{}/fs", store.path(), ids[i].hex())});
  if (origin.layers.empty()) add_empty_layer(origin);
}

}  // namespace

//! [find_origin]
Origin find_origin(const Spec& asked, const std::string& store_root) {
  if (asked.image.empty()) {
    Origin origin{.spec = with_entrypoint(asked)};
    if (asked.overlay) origin.layers = open_layers(asked);
    if (asked.build_step) origin.keep = Keep::no;
    return origin;
  }
  const Store store = Store::open({.root = store_root});
  const StoredImage found = image_to_run(store, asked.image);
  const Image image = load_image(store, found.descriptor,
                                 chosen_platform(asked.platform));
  check_platform(asked, image.config.platform);
  Origin origin{
      .spec = with_config(asked, image.config.config),
      .image = found.descriptor.digest,
      .volumes = undecided_volumes(asked, image.config.config)};
  because("while we run nobody may remove what we stand on");
  origin.container.emplace(store, found.descriptor,
                           image.config.diff_ids);
  open_image_layers(store, image, origin);
  origin.spec.rootfs = origin.layers.front().name;
  if (asked.upper.empty()) {
    static_cast<void>(files::directory_at(origin.container->directory(),
                                          "upper", 0700));
    origin.spec.upper = origin.container->path() + "/upper";
    origin.keep = Keep::no;
  }
  return origin;
}
//! [find_origin]

Layer take_upper(const Origin& origin) {
  Layer upper = open_upper(origin.spec);
  if (!origin.image || origin.keep == Keep::no) return upper;
  const std::string line = origin.image->str() + "\n";
  const auto noted = files::read_at(upper.directory, "image", 4096);
  if (!noted)
    files::replace({upper.directory, upper.directory, "image"}, line,
                   files::Durability::fleeting);
  else if (*noted != line)
    throw Failure{
        fmt::format("{} holds the changes of a container of another "
                    "image ({})",
                    upper.name, noted->substr(0, noted->find('\n'))),
        Advice{.cure = "name another directory by --upper",
               .chapter = 9,
               .anchor = "ch09-commit"}};
  return upper;
}

void make_volumes(Origin& origin, const UniqueFd& root,
                  const IdMaps& maps) {
  if (origin.volumes.empty()) return;
  because("a declared volume begins with what the image has there");
  const UniqueFd all = files::directory_at(
      origin.container->directory(), "volumes", 0700);
  for (const std::string& place : origin.volumes) {
    const std::string number =
        std::to_string(&place - &origin.volumes[0]);
    const UniqueFd volume = files::directory_at(all, number, 0755);
    if (const auto filled =
            try_open_in_root(root, place, O_RDONLY | O_DIRECTORY))
      copy_tree(*filled, volume, maps);
    origin.spec.mounts.push_back(
        {.source = fmt::format("{}/volumes/{}",
                               origin.container->path(), number),
         .target = place});
  }
}

void make_workdir(const Origin& origin, const UniqueFd& root) {
  const bool made = origin.image || origin.spec.build_step;
  if (!made || origin.spec.workdir.empty()) return;
  because("the directory that an image names need not be in it");
  static_cast<void>(
      make_in_root(root, origin.spec.workdir, FileKind::directory));
}

}  // namespace dockwright
