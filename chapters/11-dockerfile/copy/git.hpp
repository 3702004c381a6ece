#pragma once
// A git repository as a context, or as what ADD adds. git itself
// fetches it, where it is installed:
//
//     https://host/project.git#v1.2:docker
//                              |    the directory in it
//                              branch, tag or commit
//
// Only the one commit is fetched, where the server can, with its
// submodules. Nothing that the repository says is run: no hooks, no
// filters of its own. All files get the time of the commit, so that a
// checkout of today and one of tomorrow are the same.

#include <optional>
#include <string>
#include <string_view>

#include "chapters/11-dockerfile/copy/context.hpp"

namespace dockwright {

struct GitAddress {
  std::string repository{};
  std::string reference{};  ///< Empty: what the server's HEAD is.
  std::string directory{};
  bool operator==(const GitAddress&) const = default;
};

/// Whether it is the address of a repository, as ADD and `build` tell
/// it: `git@host:path`, `git://`, `ssh://`, or http with `.git` at its
/// end.
[[nodiscard]] std::optional<GitAddress> parse_git_address(
    std::string_view text);

struct GitRules {
  bool keep_git_dir = false;
  std::string commit{};  ///< That it must be; or its begin.
};

/// @throws Failure with git's own words
[[nodiscard]] Context fetch_git(const Store& store,
                                const GitAddress& address,
                                const GitRules& rules = {});

}  // namespace dockwright
