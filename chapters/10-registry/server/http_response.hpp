#pragma once
// A response as libmicrohttpd wants it.

#include <microhttpd.h>

#include <cstdint>
#include <memory>

#include "chapters/10-registry/server/http_message.hpp"

namespace dockwright::http {

struct MhdResponseFree {
  void operator()(MHD_Response* response) const noexcept {
    ::MHD_destroy_response(response);
  }
};
using MhdResponse = std::unique_ptr<MHD_Response, MhdResponseFree>;

/// What is sent, and how much of a body it has.
struct Prepared {
  MhdResponse response{};
  int status = 0;
  std::uint64_t bytes = 0;
};

/// Turns `response` into libmicrohttpd's, a file into the part of it
/// that `request` asks for. @throws Failure for a header that is none
[[nodiscard]] Prepared prepare(const Request& request,
                               Response response);

}  // namespace dockwright::http
