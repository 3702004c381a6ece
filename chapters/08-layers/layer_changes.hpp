#pragma once
// What a layer does to those below it. Removing a file makes an image
// no smaller: the layer below still has it, and everybody who pulls the
// image gets it. That is what the third number says.

#include <vector>

#include "chapters/08-layers/contents.hpp"

namespace dockwright {

/// One name of the layer, and what it does there.
struct Change {
  enum class What {
    none,     ///< A directory on the way.
    added,    ///< There was nothing of that name.
    changed,  ///< There was, and it is another file now, whole.
    hidden,   ///< There is, and it is not seen any more.
  };
  What what = What::none;
  std::string name{};
  Node::Kind kind = Node::Kind::directory;
  std::string link{};
  Amount amount{};  ///< In this layer: of hidden things, nothing.
  Amount before{};  ///< Below: what was changed or hidden.
  std::vector<Change> children{};
};

/// The sums over a whole layer.
struct Summary {
  Amount added{};
  Amount changed{};  ///< As they are now …
  Amount was{};      ///< … and as they were.
  Amount hidden{};
  bool operator==(const Summary&) const = default;
};

/// What `layer` does to `below`, as a tree; its root has no name.
[[nodiscard]] Change compare_layer(const Node& layer,
                                   const Node& below);

[[nodiscard]] Summary summary_of(const Change& root);

}  // namespace dockwright
