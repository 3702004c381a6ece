#pragma once
// What reached the tests' servers. Every request is a line, and each of its headers another one, so that a
// test can look for what must not be among them:
//
//     other GET /v2/x/blobs/sha256:0… | authorization: Basic YWRhOnNlY3JldA==

#include <mutex>
#include <string>
#include <string_view>

#include "chapters/10-registry/server/http_message.hpp"
#include "common/unique_fd.hpp"

namespace lying {

class Seen {
 public:
  explicit Seen(const std::string& path);
  /// Notes a request that came to `host`.
  void note(std::string_view host, const dockwright::http::Request& request);
  /// Notes how it ended: `registry GET /v2/ -> 200`.
  void note_end(std::string_view host, const dockwright::http::Request& request, int status);

 private:
  void write(const std::string& text);
  std::mutex mutex_{};
  dockwright::UniqueFd file_{};
};

}  // namespace lying
