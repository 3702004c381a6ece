#include "chapters/09-images/image_tree.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "chapters/09-images/timestamp.hpp"
#include "common/check.hpp"
#include "common/terminal.hpp"

namespace dockwright {

namespace {

/// A line to be: its branches are drawn, its columns not yet wide.
struct Line {
  std::string branches{};
  std::size_t depth = 0;  ///< Of three columns each.
  const LayerNode* node = nullptr;
};

struct Branches {
  const char* more;    ///< To a node that others follow.
  const char* last;    ///< To the last one.
  const char* beside;  ///< Past one that others follow.
};
constexpr Branches kUnicode{"├─ ", "└─ ", "│  "};
constexpr Branches kAscii{"|- ", "`- ", "|  "};

void collect(const std::vector<LayerNode>& nodes,
             const std::string& before, std::size_t depth,
             const Branches& with, std::vector<Line>& lines) {
  for (const LayerNode& node : nodes) {
    const bool last = &node == &nodes.back();
    const std::string own = depth == 0 ? ""
                            : last     ? with.last
                                       : with.more;
    lines.push_back({before + own, depth, &node});
    const std::string beside = depth == 0 ? ""
                               : last     ? "   "
                                          : with.beside;
    collect(node.above, before + beside, depth + 1, with, lines);
  }
}

/// A bar of at most `cells` columns; the smallest size still shows.
std::string bar(std::uint64_t bytes, std::uint64_t largest,
                std::size_t cells, bool unicode) {
  constexpr std::array kEighths = {"",  "▏", "▎", "▍",
                                   "▌", "▋", "▊", "▉"};
  const std::size_t steps = unicode ? 8 : 1;
  const double share = largest == 0 ? 0
                                    : static_cast<double>(bytes) /
                                          static_cast<double>(largest);
  auto filled = static_cast<std::size_t>(
      share * static_cast<double>(cells * steps) + 0.5);
  if (bytes > 0) filled = std::max<std::size_t>(filled, 1);
  std::string text;
  for (std::size_t i = 0; i < filled / steps; ++i)
    text += unicode ? "█" : "#";
  if (unicode) text += kEighths[filled % steps];
  const std::size_t used = (filled + steps - 1) / steps;
  return text + std::string(cells - std::min(cells, used), ' ');
}

/// The images that end here, or how the layer was made.
std::string label(const LayerNode& node) {
  std::string text;
  for (const std::string& image : node.images)
    text += (text.empty() ? "" : ", ") + image;
  if (text.empty()) text = node.layer.made_by;
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\t', ' ');
  return terminal::without_controls(text);
}

/// `text` in at most `columns`, cut at the border of a character.
std::string cut(const std::string& text, std::size_t columns,
                bool unicode) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins =
        (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins && ++width > columns && columns > 0)
      return text.substr(0, i - 1) + (unicode ? "…" : ".");
  }
  return text;
}

struct Totals {
  std::size_t layers = 0;
  std::size_t images = 0;
  std::uint64_t bytes = 0;
  std::uint64_t largest = 0;
  std::uint64_t unshared = 0;  ///< If each image had its own copy.
};

void add_up(const std::vector<LayerNode>& nodes, std::uint64_t below,
            Totals& totals) {
  for (const LayerNode& node : nodes) {
    const std::uint64_t all = below + node.layer.bytes;
    ++totals.layers;
    totals.images += node.images.size();
    totals.bytes += node.layer.bytes;
    totals.largest = std::max(totals.largest, node.layer.bytes);
    totals.unshared += all * node.images.size();
    add_up(node.above, all, totals);
  }
}

std::string plural(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string summary(const Totals& totals) {
  std::string text = fmt::format(
      "{} of {}: {}", plural(totals.images, "image"),
      plural(totals.layers, "layer"), decimal_size(totals.bytes));
  if (totals.unshared > totals.bytes)
    text += fmt::format(" ({} if nothing were shared)",
                        decimal_size(totals.unshared));
  return text + "\n";
}

LayerNode& node_for(std::vector<LayerNode>& nodes,
                    const ImageLayer& layer) {
  const auto same = std::find_if(
      nodes.begin(), nodes.end(), [&](const LayerNode& node) {
        return node.layer.diff_id == layer.diff_id;
      });
  if (same != nodes.end()) return *same;
  nodes.push_back({.layer = layer});
  return nodes.back();
}

}  // namespace

std::vector<LayerNode> image_tree(
    const std::vector<ImageLayers>& images) {
  std::vector<LayerNode> roots;
  for (const ImageLayers& image : images) {
    std::vector<LayerNode>* nodes = &roots;
    LayerNode* end = nullptr;
    for (const ImageLayer& layer : image.layers) {
      end = &node_for(*nodes, layer);
      nodes = &end->above;
    }
    if (end != nullptr) end->images.push_back(image.name);
  }
  return roots;
}

std::string draw(const std::vector<LayerNode>& tree,
                 const TreeStyle& style) {
  constexpr std::size_t kId = 12;
  constexpr std::size_t kSize = 9;
  std::vector<Line> lines;
  collect(tree, "", 0, style.unicode ? kUnicode : kAscii, lines);
  Totals totals;
  add_up(tree, 0, totals);
  std::size_t deepest = 0;
  for (const Line& line : lines)
    deepest = std::max(deepest, line.depth);
  const std::size_t left = 3 * deepest + kId;
  // The bar and the names share what the rest leaves.
  const std::size_t used = left + kSize + 4;
  const std::size_t rest =
      style.columns > used ? style.columns - used : 0;
  const std::size_t cells = std::clamp<std::size_t>(rest / 2, 6, 40);
  const std::size_t names = rest > cells ? rest - cells : 12;
  std::string text =
      fmt::format("{:<{}}{:>{}}\n", "LAYER", left, "SIZE", kSize);
  for (const Line& line : lines) {
    const LayerNode& node = *line.node;
    text += fmt::format(
        "{}{}{}{:>{}}  {}  {}\n", line.branches,
        node.layer.diff_id.short_hex(),
        std::string(3 * (deepest - line.depth), ' '),
        decimal_size(node.layer.bytes), kSize,
        bar(node.layer.bytes, totals.largest, cells, style.unicode),
        cut(label(node), names, style.unicode));
  }
  return text + summary(totals);
}

nlohmann::ordered_json tree_json(const std::vector<LayerNode>& tree) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const LayerNode& node : tree)
    list.push_back({{"DiffID", node.layer.diff_id.str()},
                    {"Size", node.layer.bytes},
                    {"CreatedBy", node.layer.made_by},
                    {"Images", node.images},
                    {"Above", tree_json(node.above)}});
  return list;
}

}  // namespace dockwright
