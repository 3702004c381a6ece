#pragma once
// What `--from` can name: a stage, a context that was given a name
// (`--build-context`), or an image. Stages and contexts come first, so
// that no image can slip in under their names.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "chapters/11-dockerfile/copy/context.hpp"
#include "chapters/12-build-cache/ignore.hpp"
#include "chapters/12-build-cache/stages/stage_workers.hpp"

namespace dockwright {

/// A context, and what its .dockerignore leaves out.
struct SeenContext {
  Context context;
  PathPatterns ignored{};
  [[nodiscard]] CopyTree tree() const {
    return context.tree(ignored.empty() ? nullptr : &ignored);
  }
  [[nodiscard]] bool ignores(const std::string& path) const {
    return ignored.judge(path, false) == Verdict::leave;
  }
};

/// The context with the rules that it has for this Dockerfile, which is
/// what `--file` says.
[[nodiscard]] SeenContext seen_context(Context context,
                                       const std::string& dockerfile);

/// `--build-context NAME=VALUE`, looked at.
struct NamedContext {
  std::optional<SeenContext> files{};  ///< A directory.
  std::string image{};                 ///< `docker-image://NAME`
};

/// By their names, in small letters.
using NamedContexts = std::map<std::string, NamedContext, std::less<>>;

/// @throws Failure for a value that is none of these
[[nodiscard]] NamedContexts open_contexts(
    const std::vector<std::pair<std::string, std::string>>& given);

/// Finds an image by its name, and fetches it where it is missing.
using ImageFinder = std::function<ImageState(const std::string& name)>;

/// Files to copy from, or an image of which they are.
using FromSource = std::variant<const SeenContext*, ImageState>;

class FromSources {
 public:
  /// @pre all outlive it
  FromSources(const SeenContext& context, const NamedContexts& named,
              const StageGraph& graph, const MadeStages& made,
              ImageFinder images);

  /// `name`: as `--from` has it; empty: the context. @throws Failure
  [[nodiscard]] FromSource find(const std::string& name) const;

 private:
  const SeenContext& context_;
  const NamedContexts& named_;
  const StageGraph& graph_;
  const MadeStages& made_;
  ImageFinder images_;
};

}  // namespace dockwright
