#pragma once
// A registry for tests: honest as it stands, over an OCI image layout, and dishonest in as many ways as it is
// told to. What is pushed to it is kept in memory.

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "chapters/10-registry/server/http_server.hpp"
#include "tests/registry/access.hpp"
#include "tests/registry/lies.hpp"
#include "tests/registry/seen.hpp"

namespace lying {

class Registry {
 public:
  Registry(const World& world, AccessRules rules, std::vector<const Lie*> lies)
      : world_{world}, access_{std::move(rules)}, lies_{std::move(lies)} {}

  /// The answer to a request whose body is `body`.
  [[nodiscard]] dockwright::http::Response answer(const dockwright::http::Request& request,
                                                  const std::string& body);

 private:
  [[nodiscard]] Asked understand(const dockwright::http::Request& request);
  [[nodiscard]] dockwright::http::Response honest(const Asked& asked, const std::string& body);
  [[nodiscard]] dockwright::http::Response manifest(const Asked& asked, const std::string& body);
  [[nodiscard]] dockwright::http::Response blob(const Asked& asked);
  [[nodiscard]] dockwright::http::Response upload(const Asked& asked, const std::string& body);
  [[nodiscard]] dockwright::http::Response tags(const Asked& asked) const;

  const World& world_;
  Access access_;
  std::vector<const Lie*> lies_;
  std::mutex mutex_{};
  std::map<std::string, unsigned> times_{};
  std::map<std::string, std::string> uploads_{};
  std::map<std::string, std::string> pushed_{};  ///< Blobs and manifests, by digest; manifests by tag, too.
  std::map<std::string, std::string> types_{};   ///< Of these manifests.
};

}  // namespace lying
