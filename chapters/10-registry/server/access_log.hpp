#pragma once
// What a server tells of a request, in a line:
//
//     127.0.0.1 GET /v2/flask/manifests/latest 200 1.2 kB 0.8 ms

#include <string>
#include <string_view>

#include "chapters/10-registry/server/http_server.hpp"

namespace dockwright::serve {

/// `text` as one word of a line on somebody's terminal: what is not a
/// plain character is written `\xNN`, and a long text cut.
[[nodiscard]] std::string log_word(std::string_view text);

/// The line, with its newline.
[[nodiscard]] std::string log_line(const http::Request& request,
                                   const http::Outcome& outcome);

}  // namespace dockwright::serve
