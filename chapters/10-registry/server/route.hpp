#pragma once
// Where a request leads. The distribution specification has a handful
// of paths, and the name of a repository, which may have slashes of its
// own, stands in the middle of them:
//
//     /v2/                                are you a registry?
//     /v2/_catalog                        which repositories are there
//     /v2/NAME/tags/list                  which tags
//     /v2/NAME/manifests/TAG-OR-DIGEST    an image's document
//     /v2/NAME/blobs/DIGEST               its config and layers
//     /v2/NAME/blobs/uploads/             a blob on its way in
//     /v2/NAME/blobs/uploads/ID
//
// A NAME is read as a user's is: `flask` and `library/flask` are
// docker.io/library/flask, `quay.io/x/y` is quay.io's. So what
// `dockwright images` shows is what others ask for.

#include <optional>
#include <string>
#include <string_view>

#include "chapters/09-images/reference.hpp"

namespace dockwright::serve {

enum class Kind { base, catalog, tags, manifest, blob, upload };

struct Route {
  Kind kind = Kind::base;
  std::string name{};                     ///< As it was asked for.
  std::optional<Reference> repository{};  ///< What it stands for.
  std::string reference{};  ///< A tag, a digest, or an upload's ID.

  /// Nothing for a path that leads nowhere, or a name that is none.
  [[nodiscard]] static std::optional<Route> parse(
      std::string_view path);
};

/// The repository that `name` stands for, without tag and digest.
[[nodiscard]] std::optional<Reference> parse_repository(
    std::string_view name);

/// Whether `text` may be a tag.
[[nodiscard]] bool is_tag(std::string_view text);

}  // namespace dockwright::serve
