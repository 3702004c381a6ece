// `save`: images into an archive, or into a directory.

#include <algorithm>
#include <memory>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/commands/files.hpp"
#include "chapters/09-images/saving.hpp"

namespace dockwright {

namespace {

struct Asked {
  std::vector<std::string> names{};
  std::string output{};
  std::string format = "docker-archive";
  std::string compression{};
  std::string platform{};
};

/// Each image once, with the names under which it was asked for.
std::vector<ImageToSave> find_images(const Store& store,
                                     const Asked& asked) {
  std::vector<ImageToSave> images;
  for (const std::string& word : asked.names) {
    const StoredImage found = need_image(store, word);
    auto same = std::find_if(
        images.begin(), images.end(), [&](const ImageToSave& image) {
          return image.descriptor.digest == found.descriptor.digest;
        });
    if (same == images.end())
      same = images.insert(images.end(), {found.descriptor});
    const auto name = Reference::try_parse(word);
    if (found.name && name && *found.name == *name)
      same->names.push_back(*name);
  }
  return images;
}

SaveOptions options_for(const Asked& asked) {
  SaveOptions options{.for_docker = asked.format == "docker-archive"};
  if (!asked.platform.empty())
    options.platform = Platform::parse(asked.platform);
  // Docker's archives have plain layers, unless somebody wants others.
  const std::string wanted =
      asked.compression.empty() && options.for_docker
          ? "none"
          : asked.compression;
  if (wanted.empty()) return options;
  options.compression = compression_named(wanted);
  if (!options.compression)
    throw Failure{fmt::format("--compress {}: it is gzip, zstd or none",
                              asked.compression)};
  return options;
}

int save(const Asked& asked) {
  if (asked.names.empty())
    throw Failure{"save is followed by the names of images"};
  if (asked.format != "docker-archive" &&
      asked.format != "oci-archive" && asked.format != "oci-dir")
    throw Failure{fmt::format(
        "--format {}: it is docker-archive, oci-archive or oci-dir",
        asked.format)};
  const SaveOptions options = options_for(asked);
  const Store store = Store::open();
  const std::vector<ImageToSave> images = find_images(store, asked);
  if (asked.format == "oci-dir") {
    if (asked.output.empty())
      throw Failure{"--format oci-dir needs -o DIR"};
    const auto directory = directory_at(asked.output);
    save_images(store, images, *directory, options);
    return 0;
  }
  write_output(asked.output, [&](Sink& to) {
    const auto archive = archive_into(to);
    save_images(store, images, *archive, options);
  });
  return 0;
}

}  // namespace

cli::Command save_command(const char* name) {
  return {
      .name = name,
      .about = "Write images into an archive or a directory",
      .chapter = 9,
      .declare = [](cli::Options& options) -> std::function<int()> {
        const auto asked = std::make_shared<Asked>();
        options.words(asked->names, "IMAGE...", "The images");
        options.value("-o,--output", asked->output, "FILE|DIR",
                      "Where to (default: standard output)");
        options.value("--format", asked->format, "FORMAT",
                      "docker-archive (default), oci-archive, oci-dir");
        options.value("--compress", asked->compression,
                      "gzip|zstd|none",
                      "How layers are packed (default: OCI's as they "
                      "are kept, Docker's not at all)");
        options.value("--platform", asked->platform, "OS/ARCHITECTURE",
                      "Only this one of several");
        return [asked] { return save(*asked); };
      }};
}

}  // namespace dockwright
