// Which files the sources of a COPY name.

#include <algorithm>

#include "chapters/11-dockerfile/copy/copy.hpp"
#include "chapters/11-dockerfile/copy/glob.hpp"
#include "chapters/11-dockerfile/copy/patterns.hpp"
#include "chapters/11-dockerfile/copy/source_tree.hpp"
#include "common/check.hpp"

namespace dockwright {

namespace {

std::string last_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// As a path of the tree: whoever writes `../x` means `x`, for there is
/// nothing above the root.
std::string path_in_tree(const std::string& source) {
  return clean_path("/" + source).substr(1);
}

[[noreturn]] void not_found(const CopyTree& tree,
                            const std::string& path) {
  const std::string message = fmt::format(
      "failed to compute cache key: failed to calculate checksum: "
      "\"/{}\": not found",
      path);
  CopyTree all = tree;
  all.filter = nullptr;
  if (tree.filter != nullptr && find_file(all, path))
    throw Failure{message,
                  Advice{.cause = "it is there, but .dockerignore "
                                  "leaves it out",
                         .cure = fmt::format("add the line !{}", path),
                         .chapter = 12,
                         .anchor = "ch12-fails"}};
  throw Failure{message,
                Advice{.cause = "sources are looked for in the build's "
                                "context, and in nothing above it",
                       .cure = "look with ls in that directory; it is "
                               "the argument of build",
                       .chapter = 11,
                       .anchor = "ch11-fails"}};
}

class Selecting {
 public:
  Selecting(const CopyTree& tree, CopySelection& selection)
      : tree_{tree},
        selection_{selection},
        excludes_{selection.request.excludes} {}

  void source(const std::string& source) {
    const CopyRequest& request = selection_.request;
    if (const auto fetched = request.fetched.find(source);
        fetched != request.fetched.end())
      return add_fetched(fetched->second);
    const std::string base = request.parents ? base_of(source) : "";
    const std::string path = path_in_tree(source);
    if (!has_wildcard(path)) {
      if (!add(path, base)) not_found(tree_, path);
      return;
    }
    selection_.wildcard = true;
    for (const std::string& match :
         expand_glob(tree_, path, request.parents))
      if (!add(match, base)) add_dangling(match, base);
  }

 private:
  /// `--parents` keeps what stands behind `/./`, or all.
  static std::string base_of(const std::string& source) {
    const std::size_t pivot = source.find("/./");
    return pivot == std::string::npos || pivot == 0
               ? std::string{}
               : path_in_tree(source.substr(0, pivot));
  }

  [[nodiscard]] std::string landing_of(const std::string& path,
                                       const std::string& base) const {
    if (!selection_.request.parents) return last_name(path);
    return base.empty() ? path : path.substr(base.size() + 1);
  }

  bool add(const std::string& path, const std::string& base) {
    const auto found = find_file(tree_, path);
    if (!found) return false;
    CopyItem item{.tree = tree_, .path = found->path, .base = base};
    item.landing = landing_of(path, base);
    if (found->is_directory()) {
      item.kind = CopyItem::Kind::directory;
    } else {
      item.unpack = selection_.request.unpack;
      if (is_excluded(item)) return true;
    }
    selection_.items.push_back(std::move(item));
    return true;
  }

  /// A link that a wildcard fits, and that leads nowhere.
  void add_dangling(const std::string& path, const std::string& base) {
    CopyItem item{.tree = tree_, .path = path, .base = base};
    item.landing = landing_of(path, base);
    if (!is_excluded(item)) selection_.items.push_back(std::move(item));
  }

  void add_fetched(const FetchedSource& source) {
    selection_.items.push_back({.kind = source.file.empty()
                                            ? CopyItem::Kind::directory
                                            : CopyItem::Kind::file,
                                .tree = source.tree,
                                .path = source.file,
                                .landing = source.file,
                                .unpack = source.unpack});
  }

  [[nodiscard]] bool is_excluded(const CopyItem& item) const {
    return excludes_.judge(item.landing, false) != Verdict::take;
  }

  const CopyTree& tree_;
  CopySelection& selection_;
  PathPatterns excludes_;
};

}  // namespace

CopySelection select(const CopyTree& tree, CopyRequest request) {
  CopySelection selection{.request = std::move(request)};
  Selecting selecting{tree, selection};
  for (const std::string& source : selection.request.sources)
    selecting.source(source);
  for (const InlineFile& file : selection.request.inline_files)
    selection.items.push_back({.kind = CopyItem::Kind::inline_file,
                               .landing = last_name(file.name),
                               .body = file.body});
  return selection;
}

}  // namespace dockwright
