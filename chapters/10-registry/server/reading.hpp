#pragma once
// The half of the distribution specification that gives: documents,
// blobs, and the lists of what there is.

#include <string>
#include <string_view>
#include <vector>

#include "chapters/10-registry/server/holdings.hpp"
#include "chapters/10-registry/server/http_message.hpp"
#include "chapters/10-registry/server/route.hpp"

namespace dockwright::serve {

// Each throws Refusal for what is not there.

[[nodiscard]] http::Response give_catalog(const Store& store,
                                          const Holdings& holdings,
                                          const http::Request& request);
[[nodiscard]] http::Response give_tags(const Store& store,
                                       const Holdings& holdings,
                                       const Route& route,
                                       const http::Request& request);
[[nodiscard]] http::Response give_manifest(
    const Store& store, const Holdings& holdings, const Route& route,
    const http::Request& request);
[[nodiscard]] http::Response give_blob(const Store& store,
                                       const Holdings& holdings,
                                       const Route& route);

/// Whether a client that accepts `accept` takes a document of this
/// type.
[[nodiscard]] bool is_accepted(std::string_view accept,
                               std::string_view media_type);

/// A part of a sorted list: `n` of it, behind `last`.
struct Page {
  std::vector<std::string> items{};
  bool more = false;  ///< There are others behind them.
};
/// @throws Refusal for an `n` that is no number
[[nodiscard]] Page page_of(const std::vector<std::string>& all,
                           const http::Request& request);

/// `{"errors":…}`'s type, and that of lists.
constexpr const char* kJson = "application/json";
constexpr const char* kDigestHeader = "Docker-Content-Digest";

}  // namespace dockwright::serve
