// `layer show LAYER…`: like a diff, with sizes.
//
//            etc/
//     ~ 312B   motd                        was 286B
//     + 1.2KiB app.conf
//     -        passwd                      hides 1.0KiB

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "chapters/05-cgroups/quantities.hpp"
#include "chapters/08-layers/commands.hpp"
#include "chapters/08-layers/layer_changes.hpp"
#include "chapters/08-layers/own_numbers.hpp"
#include "common/check.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

using What = Change::What;
using terminal::Style;

struct Asked {
  std::vector<std::string> layers{};
  std::string format = "tree";
  std::string depth{};
  ArchiveLimits limits{};
};

/// A name from an archive may hold anything but a slash.
std::string plain(const std::string& name) {
  std::string line;
  for (const char c : terminal::without_controls(name))
    line += c == '\n' ? std::string{"\\x0a"} : std::string{c};
  return line;
}

std::string_view mark_of(What what) {
  switch (what) {
    case What::added:
      return "+";
    case What::changed:
      return "~";
    case What::hidden:
      return "-";
    default:
      return " ";
  }
}

std::string files(const Amount& amount) {
  return fmt::format("{} {}, {}", amount.files,
                     amount.files == 1 ? "file" : "files",
                     human_size(amount.bytes));
}

/// The tree, a line for each name.
class Tree {
 public:
  explicit Tree(std::size_t deepest) : deepest_{deepest} {}

  void print(const Change& change, std::size_t depth) {
    const bool folded = change.kind == Node::Kind::directory &&
                        depth >= deepest_ && !change.children.empty();
    const std::string size = change.what == What::hidden
                                 ? ""
                                 : human_size(change.amount.bytes);
    std::string name = std::string(2 * (depth - 1), ' ');
    name += plain(change.name);
    if (change.kind == Node::Kind::directory) name += '/';
    if (change.kind == Node::Kind::link)
      name += " -> " + plain(change.link);
    const std::string note = note_on(change, folded);
    const std::string line =
        note.empty()
            ? fmt::format("{} {:>8}  {}", mark_of(change.what), size,
                          name)
            : fmt::format("{} {:>8}  {:<40}  {}", mark_of(change.what),
                          size, name, note);
    fmt::print("{}\n", coloured(change.what, line));
    if (folded) return;
    for (const Change& child : change.children) print(child, depth + 1);
  }

 private:
  static std::string note_on(const Change& change, bool folded) {
    if (change.what == What::hidden)
      return change.kind == Node::Kind::directory
                 ? "hides " + files(change.before)
                 : "hides " + human_size(change.before.bytes);
    if (change.what == What::changed &&
        change.kind != Node::Kind::directory)
      return "was " + human_size(change.before.bytes);
    return folded ? fmt::format("… {} files", change.amount.files) : "";
  }
  static std::string coloured(What what, const std::string& line) {
    switch (what) {
      case What::added:
        return terminal::styled(STDOUT_FILENO, Style::good, line);
      case What::changed:
        return terminal::styled(STDOUT_FILENO, Style::heading, line);
      case What::hidden:
        return terminal::styled(STDOUT_FILENO, Style::bad, line);
      default:
        return line;
    }
  }
  std::size_t deepest_;
};

void print_tree(const Change& root, std::size_t deepest) {
  Tree tree{deepest};
  for (const Change& child : root.children) tree.print(child, 1);
  const Summary sums = summary_of(root);
  fmt::print("{}adds {}; changes {} (before: {}); hides {}\n",
             root.children.empty() ? "" : "\n", files(sums.added),
             files(sums.changed), human_size(sums.was.bytes),
             files(sums.hidden));
  if (sums.hidden.bytes > 0)
    fmt::print("{}\n",
               terminal::styled(STDOUT_FILENO, Style::dim,
                                "What is hidden is still in the layers "
                                "below, and travels with them."));
}

std::string_view word_of(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::directory:
      return "directory";
    case Node::Kind::file:
      return "file";
    case Node::Kind::link:
      return "link";
    default:
      return "special";
  }
}

std::string_view word_of(What what) {
  switch (what) {
    case What::added:
      return "added";
    case What::changed:
      return "changed";
    case What::hidden:
      return "hidden";
    default:
      return "";
  }
}

nlohmann::json json_of(const Amount& amount) {
  return {{"files", amount.files}, {"bytes", amount.bytes}};
}

void add_json(const Change& change, const std::string& parent,
              nlohmann::json& list) {
  const std::string path = parent + change.name;
  if (change.what != What::none)
    list.push_back({{"path", path},
                    {"change", word_of(change.what)},
                    {"kind", word_of(change.kind)},
                    {"size", change.amount.bytes},
                    {"before", change.before.bytes}});
  for (const Change& child : change.children)
    add_json(child, path + '/', list);
}

void print_json(const Change& root) {
  nlohmann::json list = nlohmann::json::array();
  for (const Change& child : root.children) add_json(child, "", list);
  const Summary sums = summary_of(root);
  const nlohmann::json document = {{"added", json_of(sums.added)},
                                   {"changed", json_of(sums.changed)},
                                   {"was", json_of(sums.was)},
                                   {"hidden", json_of(sums.hidden)},
                                   {"changes", std::move(list)}};
  // A name that is no text is shown as one that cannot be shown.
  fmt::print("{}\n",
             document.dump(2, ' ', false,
                           nlohmann::json::error_handler_t::replace));
}

Node read_layer(const std::string& path, Whiteouts whiteouts,
                const ArchiveLimits& limits) {
  UniqueFd file{check_call("open layer",
                           ::open(path.c_str(), O_RDONLY | O_CLOEXEC),
                           "open the layer {}", path)};
  struct stat status {};
  check(::fstat(file.get(), &status), "look at {}", path);
  if (S_ISDIR(status.st_mode)) return read_contents(file, whiteouts);
  return read_contents(
      std::make_unique<FileSource>(std::move(file), path), limits);
}

std::size_t parse_depth(const std::string& text) {
  if (text.empty()) return SIZE_MAX;
  constexpr Range kDepths{1, 1000};
  return static_cast<std::size_t>(
      parse_number("--depth", text, kDepths));
}

int show(const Asked& asked) {
  if (asked.layers.empty())
    throw Failure{
        "layer show takes archives or directories of layers, the "
        "lowest first"};
  if (asked.format != "tree" && asked.format != "json")
    throw Failure{
        fmt::format("--format {}: it is tree or json", asked.format)};
  const std::size_t deepest = parse_depth(asked.depth);
  const FileRights rights = become_owner_of_files();
  Node below;
  for (std::size_t i = 0; i + 1 < asked.layers.size(); ++i)
    lay_over(below, read_layer(asked.layers[i], rights.whiteouts,
                               asked.limits));
  const Node layer =
      read_layer(asked.layers.back(), rights.whiteouts, asked.limits);
  const Change changes = compare_layer(layer, below);
  if (asked.format == "json")
    print_json(changes);
  else
    print_tree(changes, deepest);
  return 0;
}

}  // namespace

cli::Command layer_show_command() {
  return {.name = "layer show",
          .about = "Show what a layer adds, changes and hides",
          .chapter = 8,
          .declare = [](cli::Options& options) -> std::function<int()> {
            const auto asked = std::make_shared<Asked>();
            options.words(asked->layers, "LAYER...",
                          "Archives or directories, the lowest first: "
                          "the last is shown");
            options.value("--format", asked->format, "tree|json",
                          "A tree (default), or JSON");
            options.value("--depth", asked->depth, "N",
                          "Fold what lies deeper");
            options.each(
                "--archive-limit",
                [asked](const std::string& text) {
                  set_archive_limit(asked->limits, text);
                },
                "NAME=VALUE", "How much an archive may ask for");
            return [asked] { return show(*asked); };
          }};
}

}  // namespace dockwright
