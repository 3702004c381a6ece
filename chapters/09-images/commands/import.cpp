// `import`: an archive of files becomes an image of one layer. Its time
// is that of the youngest file in it, and not that of the day: the same
// archive gives the same image, whoever imports it and whenever.

#include <memory>

#include "chapters/09-images/change.hpp"
#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/commands/files.hpp"
#include "chapters/09-images/made_image.hpp"
#include "chapters/09-images/print.hpp"

namespace dockwright {

namespace {

struct ImportOptions {
  std::vector<std::string> words{};
  std::vector<std::string> changes{};
  std::string message{};
  std::string platform{};
  ArchiveLimits limits{};
};

ImageConfig config_for(const NewLayer& layer,
                       const ImportOptions& options) {
  const std::string created =
      format_time(source_date_epoch().value_or(layer.newest));
  ImageConfig config{.created = created,
                     .platform = chosen_platform(options.platform),
                     .diff_ids = {layer.diff_id}};
  for (const std::string& change : options.changes)
    apply_change(config.config, change);
  config.history.push_back({.created = created,
                            .comment = options.message.empty()
                                           ? "Imported from -"
                                           : options.message});
  return config;
}

int import(const ImportOptions& options) {
  expect_words(options.words, 1, 2, "import FILE|- [REPOSITORY[:TAG]]");
  std::optional<Reference> name;
  if (options.words.size() > 1)
    name = Reference::parse(options.words[1]);
  RunConfig rehearsal;  // a mistake is found before the work is done
  for (const std::string& change : options.changes)
    apply_change(rehearsal, change);
  InputFile input = open_input(options.words[0]);
  const Store store = Store::open();
  const NewLayer layer = store_layer(
      store,
      std::make_unique<FileSource>(std::move(input.file), input.name),
      options.limits);
  const ImageConfig config = config_for(layer, options);
  const Descriptor image = store_image(store, config, {layer.blob});
  if (name)
    store.tag(*name, image);
  else
    store.keep(image);
  print(Digest::of(config.to_json()).str() + "\n");
  return 0;
}

}  // namespace

cli::Command import_command(const char* name) {
  return {
      .name = name,
      .about = "Make an image of an archive of files",
      .chapter = 9,
      .declare = [](cli::Options& options) -> std::function<int()> {
        const auto asked = std::make_shared<ImportOptions>();
        options.words(asked->words, "FILE|- [NAME]",
                      "A tar archive, packed or not, and a name");
        options.each(
            "-c,--change",
            [asked](const std::string& line) {
              asked->changes.push_back(line);
            },
            "LINE", "A line of a Dockerfile, such as 'CMD [\"sh\"]'");
        options.value("-m,--message", asked->message, "TEXT",
                      "What the history says");
        options.value("--platform", asked->platform, "OS/ARCHITECTURE",
                      "For which machines it is (default: this one)");
        options.each(
            "--archive-limit",
            [asked](const std::string& text) {
              set_archive_limit(asked->limits, text);
            },
            "NAME=VALUE", "What the archive may ask for");
        return [asked] { return import(*asked); };
      }};
}

}  // namespace dockwright
