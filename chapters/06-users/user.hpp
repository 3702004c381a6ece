#pragma once
// Whom the program runs as. `--user` names somebody of the *container*:
// the name is looked up in the container's own /etc/passwd, by us. The
// C library would look it up in whatever that container has configured,
// and load the container's code to do so (CVE-2019-14271).

#include <string>
#include <vector>

#include "chapters/06-users/ids.hpp"
#include "common/spec.hpp"
#include "common/unique_fd.hpp"

namespace dockwright {

/// A user, ready to be.
struct User {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::vector<std::uint32_t> more_groups{};
  std::string home{};  ///< Empty where nobody says.
  bool operator==(const User&) const = default;
};

/// Looks `--user` and `--group-add` up in the files of `root`. A number
/// need not stand there, and wins over a name that looks like it.
/// @throws Failure, in Docker's words, also when the maps lack a number
[[nodiscard]] User find_user(const UniqueFd& root, const Spec& spec,
                             const IdMaps& maps);

/// Groups first, then the group, then the user: after that one there is
/// no power left to do the others. The container's terminal, if there
/// is one, goes with us.
void become(const User& user, const Spec& spec, const IdMaps& maps);

/// `spec` with the user's HOME, unless `-e` says otherwise.
[[nodiscard]] Spec at_home(const User& user, const Spec& spec);

}  // namespace dockwright
