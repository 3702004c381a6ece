#pragma once
// The half of the distribution specification that takes: blobs in one
// piece or in many, or from another repository of ours, and then the
// manifest that makes an image of them.

#include <memory>

#include "chapters/10-registry/server/holdings.hpp"
#include "chapters/10-registry/server/http_server.hpp"
#include "chapters/10-registry/server/route.hpp"
#include "chapters/10-registry/server/uploads.hpp"

namespace dockwright::serve {

/// What those who push share.
struct Desk {
  const Holdings& holdings;
  Arrivals& arrivals;
  Uploads& uploads;
};

/// POST, GET, PATCH, PUT and DELETE below blobs/uploads/.
/// @throws Refusal
[[nodiscard]] std::unique_ptr<http::Exchange> take_blob(
    const Desk& desk, const Route& route, const http::Request& request);

/// PUT of a manifest. @throws Refusal
[[nodiscard]] std::unique_ptr<http::Exchange> take_manifest(
    const Desk& desk, const Route& route, const http::Request& request);

}  // namespace dockwright::serve
