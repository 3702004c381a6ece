#pragma once
// ADD's sources that are addresses: files of the web, and repositories.
// Each is fetched into a directory of its own below the store's tmp/,
// and from then on it is a source like any other.
//
// HTTP and TLS are not in this program: registry-client, which stands
// beside it, has a `fetch` (chapter 10). It writes what comes to a file
// that we have opened.

#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/11-dockerfile/copy/context.hpp"

namespace dockwright {

enum class Address { none, web, git };
[[nodiscard]] Address address_kind(std::string_view source);

struct FetchRules {
  std::string checksum{};  ///< `sha256:…`, or a commit of git.
  bool keep_git_dir = false;
  bool unpack = false;  ///< Archives too, for `--unpack` was given.
};

class FetchedSources {
 public:
  /// Fetches those of `sources` that are addresses. @throws Failure
  FetchedSources(const Store& store,
                 const std::vector<std::string>& sources,
                 const FetchRules& rules);
  FetchedSources(FetchedSources&&) = delete;
  /// For `CopyRequest::fetched`; it points here.
  [[nodiscard]] std::map<std::string, FetchedSource> all() const;

 private:
  struct Fetched {
    std::string source{};
    Context context;
    std::string file{};
    bool unpack = false;
  };
  std::list<Fetched> fetched_{};
};

/// The name that a file of this address gets: the last of its path.
/// @throws Failure where there is none
[[nodiscard]] std::string name_in_address(const std::string& address);

}  // namespace dockwright
