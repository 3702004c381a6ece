#pragma once
// Which images share which layers. A layer belongs to what is below it,
// so all images together are a tree: its roots are the lowest layers,
// and an image is a way from a root upwards. What two images share is
// stored once, and drawn once:
//
//     LAYER              SIZE
//     0d1a2b3c4d5e     74.8MB  ███████████████████  debian:12
//     ├─ 77d0c2a91f00  12.1MB  ███                  python:3.11
//     │  └─ 91c5e0…     340kB  ▏                    flask:latest
//     └─ a1b2c3d4e5f6  10.4MB  ██▋                  nginx:latest

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "common/digest.hpp"

namespace dockwright {

/// One layer of an image, from the lowest up.
struct ImageLayer {
  Digest diff_id;
  std::uint64_t bytes = 0;
  std::string made_by{};  ///< What the history says.
};

/// An image as a way through the tree.
struct ImageLayers {
  std::string name{};
  std::vector<ImageLayer> layers{};
};

/// One layer upon another, and what begins with both.
struct LayerNode {
  ImageLayer layer;
  std::vector<std::string> images{};  ///< Those that end here.
  std::vector<LayerNode> above{};
};

/// The tree; images that have no layer are not in it.
[[nodiscard]] std::vector<LayerNode> image_tree(
    const std::vector<ImageLayers>& images);

/// How a tree is drawn.
struct TreeStyle {
  unsigned columns = 80;
  bool unicode = true;  ///< Lines and blocks, rather than ASCII.
};

/// The tree with sizes as bars, and what sharing saves.
[[nodiscard]] std::string draw(const std::vector<LayerNode>& tree,
                               const TreeStyle& style);

/// The tree as JSON.
[[nodiscard]] nlohmann::ordered_json tree_json(
    const std::vector<LayerNode>& tree);

}  // namespace dockwright
