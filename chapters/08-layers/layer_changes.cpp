#include "chapters/08-layers/layer_changes.hpp"

namespace dockwright {

namespace {

using What = Change::What;

Change hidden(const std::string& name, const Node* below) {
  Change change{.what = What::hidden, .name = name};
  if (below == nullptr) return change;  // a mark that hides nothing
  change.kind = below->kind;
  change.link = below->link;
  change.before = amount_of(*below);
  return change;
}

Change compare(const std::string& name, const Node& layer,
               const Node* below);

/// The names in a directory of the layer, and those that it hides.
void compare_children(const Node& layer, const Node* below,
                      Change& change) {
  const auto find_below = [&](const std::string& name) -> const Node* {
    if (below == nullptr) return nullptr;
    const auto found = below->children.find(name);
    return found == below->children.end() ? nullptr : &found->second;
  };
  for (const auto& [name, child] : layer.children)
    change.children.push_back(
        child.kind == Node::Kind::whiteout
            ? hidden(name, find_below(name))
            : compare(name, child, find_below(name)));
  if (!layer.opaque || below == nullptr) return;
  for (const auto& [name, child] : below->children)
    if (!layer.children.contains(name))
      change.children.push_back(hidden(name, &child));
}

bool same_directory(const Node& one, const Node& other) {
  return one.mode == other.mode && one.user == other.user &&
         one.group == other.group;
}

Change compare(const std::string& name, const Node& layer,
               const Node* below) {
  Change change{.what = below == nullptr ? What::added : What::changed,
                .name = name,
                .kind = layer.kind,
                .link = layer.link};
  if (layer.kind != Node::Kind::directory) {
    change.amount = amount_of(layer);
    if (below != nullptr) change.before = amount_of(*below);
    return change;
  }
  const bool merged =
      below != nullptr && below->kind == Node::Kind::directory;
  if (merged && same_directory(layer, *below)) change.what = What::none;
  if (below != nullptr && !merged) change.before = amount_of(*below);
  compare_children(layer, merged ? below : nullptr, change);
  for (const Change& child : change.children)
    change.amount += child.amount;
  return change;
}

void add_up(const Change& change, Summary& sums) {
  if (change.what == What::hidden) sums.hidden += change.before;
  if (change.what == What::changed) sums.was += change.before;
  if (change.kind != Node::Kind::directory) {
    if (change.what == What::added) sums.added += change.amount;
    if (change.what == What::changed) sums.changed += change.amount;
  }
  for (const Change& child : change.children) add_up(child, sums);
}

}  // namespace

Change compare_layer(const Node& layer, const Node& below) {
  Change root;
  compare_children(layer, &below, root);
  for (const Change& child : root.children) root.amount += child.amount;
  return root;
}

Summary summary_of(const Change& root) {
  Summary sums;
  add_up(root, sums);
  return sums;
}

}  // namespace dockwright
