#pragma once
// A registry from the local store: what each request is, and who
// answers it.

#include <cstdint>
#include <memory>

#include "chapters/10-registry/server/holdings.hpp"
#include "chapters/10-registry/server/http_server.hpp"
#include "chapters/10-registry/server/uploads.hpp"

namespace dockwright::serve {

struct RegistryRules {
  bool writable = false;
  bool on_loopback = true;  ///< Only this machine reaches it.
  UploadLimits uploads{};
};

class Registry {
 public:
  Registry(StoreOptions store, const RegistryRules& rules)
      : store_options_{std::move(store)},
        rules_{rules},
        uploads_{store_options_, rules.uploads} {}
  Registry(Registry&&) = delete;

  /// Who answers a request. Threads may call it at a time.
  [[nodiscard]] std::unique_ptr<http::Exchange> handle(
      const http::Request& request);
  /// Where it listens, once that is known: part of the names under
  /// which pushes are kept.
  void listens_at(std::uint16_t port) { port_ = port; }
  /// To be called every second or so.
  void sweep() { uploads_.sweep(); }

 private:
  [[nodiscard]] std::unique_ptr<http::Exchange> dispatch(
      const http::Request& request);
  [[nodiscard]] http::Response read(const struct Route& route,
                                    const http::Request& request);

  StoreOptions store_options_;
  RegistryRules rules_;
  Arrivals arrivals_{};
  std::atomic<std::uint16_t> port_{5000};
  Holdings holdings_{arrivals_, port_};
  Uploads uploads_;
};

}  // namespace dockwright::serve
