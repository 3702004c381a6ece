// `history`: how an image came to be, the last step first.

#include <algorithm>
#include <memory>

#include "chapters/09-images/commands/chosen.hpp"
#include "chapters/09-images/commands/commands.hpp"
#include "chapters/09-images/listing.hpp"
#include "chapters/09-images/print.hpp"
#include "chapters/09-images/timestamp.hpp"

namespace dockwright {

namespace {

struct HistoryOptions {
  std::vector<std::string> words{};
  std::string format{};
  std::string platform{};
  bool human = true;
  bool quiet = false;
  bool truncate = true;
};

/// A step, with how much it added.
struct Step {
  History history{};
  std::uint64_t bytes = 0;
};

/// The steps, the first first. Layers that the history does not tell of
/// are steps, too.
std::vector<Step> steps_of(const Store& store, const Image& image) {
  const std::vector<std::uint64_t> sizes = layer_sizes(store, image);
  std::vector<Step> steps;
  std::size_t layer = 0;
  for (const History& history : image.config.history) {
    const bool has_layer = !history.empty_layer && layer < sizes.size();
    steps.push_back({history, has_layer ? sizes[layer] : 0});
    if (has_layer) ++layer;
  }
  for (; layer < sizes.size(); ++layer)
    steps.push_back(
        {{.comment = "a layer without a history"}, sizes[layer]});
  return steps;
}

/// One line, as short as a table wants it.
std::string one_line(std::string text, bool truncate) {
  constexpr std::size_t kLongest = 45;
  for (char& c : text)
    if (c == '\n' || c == '\t') c = ' ';
  if (!truncate || text.size() <= kLongest) return text;
  std::size_t end = kLongest - 1;
  while (end > 0 &&
         (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end) + "…";
}

Row row_of(const Step& step, const std::string& id,
           const HistoryOptions& options, Seconds now) {
  const auto created = parse_time(step.history.created);
  const std::string since = !created        ? "N/A"
                            : options.human ? ago(*created, now)
                                            : format_time(*created);
  return {
      {"ID", id},
      {"CreatedSince", since},
      {"CreatedAt", created ? format_time(*created) : "N/A"},
      {"CreatedBy",
       one_line(step.history.created_by, options.truncate)},
      {"Size", options.human ? decimal_size(step.bytes)
                             : std::to_string(step.bytes)},
      {"Comment", one_line(step.history.comment, options.truncate)}};
}

int history(const HistoryOptions& options) {
  expect_words(options.words, 1, 1, "history IMAGE");
  const Store store = Store::open();
  const Image image = load_image(
      store, need_image(store, options.words.front()).descriptor,
      chosen_platform(options.platform));
  const Digest& id = image.manifest.config.digest;
  std::vector<Step> steps = steps_of(store, image);
  std::reverse(steps.begin(), steps.end());
  Listing listing{.columns = {{"ID", "IMAGE"},
                              {"CreatedSince", "CREATED"},
                              {"CreatedAt", "CREATED AT", false},
                              {"CreatedBy", "CREATED BY"},
                              {"Size", "SIZE"},
                              {"Comment", "COMMENT"}}};
  const Seconds now = now_or_epoch();
  std::string ids;
  for (const Step& step : steps) {
    const std::string name = &step != &steps.front() ? "<missing>"
                             : options.truncate
                                 ? std::string{id.short_hex()}
                                 : id.str();
    ids += name + "\n";
    listing.rows.push_back(row_of(step, name, options, now));
  }
  print(options.quiet && options.format.empty()
            ? ids
            : listed(listing, options.format));
  return 0;
}

}  // namespace

cli::Command history_command(const char* name) {
  return {
      .name = name,
      .about = "Show how an image came to be",
      .chapter = 9,
      .declare = [](cli::Options& options) -> std::function<int()> {
        const auto asked = std::make_shared<HistoryOptions>();
        options.words(asked->words, "IMAGE", "The image");
        options.flag("-H,--human", asked->human, true,
                     "Sizes and times for people (default)");
        options.flag("-q,--quiet", asked->quiet, true, "Only the IDs");
        options.flag("--no-trunc", asked->truncate, false,
                     "The whole of each line");
        options.value("--format", asked->format, "FORMAT",
                      "table, json, or a template: '{{.CreatedBy}}'");
        options.value("--platform", asked->platform, "OS/ARCHITECTURE",
                      "Of which of the image's platforms");
        return [asked] { return history(*asked); };
      }};
}

}  // namespace dockwright
