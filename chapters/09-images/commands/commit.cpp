// `commit DIR NAME` and `export DIR`: what a container wrote, in the
// directory that `run --upper DIR` was given. It becomes a layer upon
// the image that the container began with, or, with all that is below
// it, an archive of the whole file system.

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <memory>

#include "chapters/08-layers/layer_diff.hpp"
#include "chapters/08-layers/layered_root.hpp"
#include "chapters/08-layers/own_numbers.hpp"
#include "chapters/09-images/change.hpp"
#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/commands/files.hpp"
#include "chapters/09-images/made_image.hpp"
#include "chapters/09-images/media_types.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/09-images/unpacked.hpp"

namespace dockwright {

namespace {

struct CommitOptions {
  std::vector<std::string> words{};
  std::vector<std::string> changes{};
  std::string author{};
  std::string message{};
  bool pause = true;
};

/// What `run --upper` left, open.
struct Changes {
  UniqueFd directory{};
  UniqueFd diff{};
  Digest image;  ///< The manifest on which they are.
};

Changes open_changes(const std::string& path) {
  UniqueFd directory{check_call(
      "open upper",
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      "open {}", path)};
  const auto noted = files::read_at(directory, "image", 4096);
  auto diff =
      files::try_open_at(directory, "diff", O_RDONLY | O_DIRECTORY);
  if (!noted || !diff)
    throw Failure{
        fmt::format("{} does not hold what a container of an image "
                    "changed",
                    path),
        Advice{.cure = "run one with `run --upper DIR IMAGE`",
               .chapter = 9,
               .anchor = "ch09-commit"}};
  return {std::move(directory), std::move(*diff),
          Digest::parse(noted->substr(0, noted->find('\n')))};
}

/// The image below the changes.
Image image_below(const Store& store, const Changes& changes,
                  const std::string& path) {
  const auto found = store.find(changes.image.str());
  if (!found)
    throw Failure{fmt::format(
        "{} holds changes to the image {}, which is not in the store",
        path, changes.image.str())};
  return load_image(store, found->descriptor,
                    Platform::of_this_machine());
}

/// Nobody may write while we read.
void lock(const Changes& changes, const std::string& path) {
  if (::flock(changes.directory.get(), LOCK_EX | LOCK_NB) == 0) return;
  if (errno != EWOULDBLOCK) check(-1, "lock {}", path);
  throw Failure{fmt::format(
      "a container is writing into {}: let it end first", path)};
}

/// The layer, and the config that tells of it.
Descriptor commit_changes(const Store& store, const Image& below,
                          const Changes& changes, Whiteouts whiteouts,
                          const CommitOptions& options) {
  const auto epoch = source_date_epoch();
  BlobWriter blob = store.new_blob();
  const WrittenLayer written =
      write_layer(changes.diff, blob,
                  {.whiteouts = whiteouts, .latest_time = epoch});
  const Descriptor layer{.media_type = std::string{media::kLayer},
                         .digest = blob.commit(),
                         .size = written.bytes};
  // The time is that of the last change: the same changes, committed
  // again, give the same image.
  const Seconds changed =
      std::max(newest_in(store, layer),
               parse_time(below.config.created).value_or(0));
  ImageConfig config = below.config;
  config.created = format_time(epoch.value_or(changed));
  if (!options.author.empty()) config.author = options.author;
  config.diff_ids.push_back(written.diff_id);
  std::string by = "commit";
  for (const std::string& line : options.changes) {
    apply_change(config.config, line);
    by += fmt::format(" {}", line);
  }
  config.history.push_back({.created = config.created,
                            .created_by = by,
                            .author = options.author,
                            .comment = options.message});
  std::vector<Descriptor> layers = below.manifest.layers;
  layers.push_back(layer);
  for (Descriptor& one : layers)
    one.media_type = media::as_oci(one.media_type);
  return store_image(store, config, std::move(layers));
}

int commit(const CommitOptions& options) {
  expect_words(options.words, 1, 2, "commit DIR [REPOSITORY[:TAG]]");
  const std::string& path = options.words[0];
  std::optional<Reference> name;
  if (options.words.size() > 1)
    name = Reference::parse(options.words[1]);
  const std::string root = default_store_root();
  const FileRights rights = become_owner_of_files();
  const Changes changes = open_changes(path);
  lock(changes, path);
  const Store store = Store::open({.root = root});
  const Image below = image_below(store, changes, path);
  const Descriptor image =
      commit_changes(store, below, changes, rights.whiteouts, options);
  if (name)
    store.tag(*name, image);
  else
    store.keep(image);
  print(load_image(store, image, Platform::of_this_machine())
            .manifest.config.digest.str() +
        "\n");
  return 0;
}

/// The whole file system, as the container saw it.
UniqueFd merged(const Store& store, Changes& changes,
                const std::string& path, Whiteouts whiteouts) {
  const Image below = image_below(store, changes, path);
  std::vector<UniqueFd> trees = unpacked_layers(store, below);
  if (trees.empty()) return std::move(changes.diff);
  Overlay overlay;
  overlay.lower.push_back({std::move(changes.diff), path + "/diff"});
  for (std::size_t i = trees.size(); i-- > 0;)
    overlay.lower.push_back({std::move(trees[i]), "a layer"});
  return mount_overlay(overlay,
                       {.user_xattrs = whiteouts == Whiteouts::user});
}

int export_tree(const std::vector<std::string>& words,
                const std::string& output) {
  expect_words(words, 1, 1, "export [-o FILE] DIR");
  const std::string root = default_store_root();
  const FileRights rights = become_owner_of_files();
  take_own_mounts({.overlay = true});
  Changes changes = open_changes(words[0]);
  const Store store = Store::open({.root = root});
  const UniqueFd tree =
      merged(store, changes, words[0], rights.whiteouts);
  write_output(output, [&](Sink& to) {
    static_cast<void>(write_layer(
        tree, to,
        {.latest_time = source_date_epoch(), .whole_tree = true}));
  });
  return 0;
}

}  // namespace

cli::Command commit_command(const char* name) {
  return {.name = name,
          .about = "Make an image of what a container changed",
          .chapter = 9,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<CommitOptions>();
            options.words(asked->words, "DIR [NAME]",
                          "What `run --upper DIR` left, and a name");
            options.each(
                "-c,--change",
                [asked](const std::string& line) {
                  asked->changes.push_back(line);
                },
                "LINE",
                "A line of a Dockerfile, such as 'CMD [\"sh\"]'");
            options.value("-a,--author", asked->author, "TEXT",
                          "Whose work it is");
            options.value("-m,--message", asked->message, "TEXT",
                          "What the history says");
            options.flag("-p,--pause", asked->pause, true,
                         "As always here: nobody writes meanwhile");
            return [asked] { return commit(*asked); };
          }};
}

cli::Command export_command(const char* name) {
  return {
      .name = name,
      .about = "Write a container's whole file system as an archive",
      .chapter = 9,
      .declare = [](cli::Options& options) -> std::function<int()> {
        struct Asked {
          std::vector<std::string> words{};
          std::string output{};
        };
        const auto asked = std::make_shared<Asked>();
        options.words(asked->words, "DIR",
                      "What `run --upper DIR` left");
        options.value("-o,--output", asked->output, "FILE",
                      "Where to (default: standard output)");
        return [asked] {
          return export_tree(asked->words, asked->output);
        };
      }};
}

}  // namespace dockwright
