// `load`: images from an archive, or from a directory.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/commands/files.hpp"
#include "chapters/09-images/loading.hpp"
#include "chapters/09-images/print.hpp"

namespace dockwright {

namespace {

struct LoadOptions {
  std::string input{};
  std::string platform{};
  ArchiveLimits limits{};
  bool quiet = false;
};

bool is_directory(const UniqueFd& file, const std::string& name) {
  struct stat status {};
  check(::fstat(file.get(), &status), "look at {}", name);
  return S_ISDIR(status.st_mode);
}

/// Nobody types an archive.
void refuse_terminal(const UniqueFd& file) {
  if (::isatty(file.get()) == 1)
    throw Failure{
        "requested load from stdin, but stdin is empty: name a file by "
        "-i, or redirect one here"};
}

std::unique_ptr<ImageFiles> open_files(const Store& store,
                                       const LoadOptions& options) {
  InputFile input = open_input(options.input);
  if (is_directory(input.file, input.name))
    return files_of_directory(store, std::move(input.file), input.name);
  refuse_terminal(input.file);
  return files_of_archive(
      store,
      std::make_unique<FileSource>(std::move(input.file), input.name),
      options.limits);
}

std::string line_for(const Store& store, const LoadedImage& image) {
  std::string text;
  for (const Reference& name : image.names)
    text += fmt::format("Loaded image: {}\n", name.familiar());
  if (!text.empty()) return text;
  for (const StoredImage& stored : store.images())
    if (stored.descriptor.digest == image.descriptor.digest)
      return fmt::format(
          "Loaded image ID: {}\n",
          stored.id.value_or(stored.descriptor.digest).str());
  return text;
}

int load(const LoadOptions& options) {
  const Store store = Store::open();
  std::optional<Platform> platform;
  if (!options.platform.empty())
    platform = Platform::parse(options.platform);
  const auto files = open_files(store, options);
  const auto images = load_images(store, *files, platform);
  for (const LoadedImage& image : images) print(line_for(store, image));
  return 0;
}

}  // namespace

cli::Command load_command(const char* name) {
  return {.name = name,
          .about = "Read images from an archive or a directory",
          .chapter = 9,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<LoadOptions>();
            options.value("-i,--input", asked->input, "FILE|DIR|-",
                          "Where from (default: standard input)");
            options.value("--platform", asked->platform,
                          "OS/ARCHITECTURE",
                          "Only this one of several");
            options.flag("-q,--quiet", asked->quiet, true,
                         "As always here: no progress is shown");
            options.each(
                "--archive-limit",
                [asked](const std::string& text) {
                  set_archive_limit(asked->limits, text);
                },
                "NAME=VALUE", "What the archive may ask for");
            return [asked] { return load(*asked); };
          }};
}

}  // namespace dockwright
