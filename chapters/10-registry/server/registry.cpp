#include "chapters/10-registry/server/registry.hpp"

#include "chapters/10-registry/server/reading.hpp"
#include "chapters/10-registry/server/refusal.hpp"
#include "chapters/10-registry/server/route.hpp"
#include "chapters/10-registry/server/writing.hpp"

namespace dockwright::serve {

std::unique_ptr<http::Exchange> Registry::handle(
    const http::Request& request) {
  try {
    return dispatch(request);
  } catch (const std::exception& error) {
    return http::refuse_with(answer_to(error));
  }
}

std::unique_ptr<http::Exchange> Registry::dispatch(
    const http::Request& request) {
  const auto route = Route::parse(request.path);
  if (!route) throw nowhere();
  const bool reads =
      request.method == "GET" || request.method == "HEAD";
  if (reads && route->kind != Kind::upload)
    return http::answer_with([this, route = *route, request] {
      return read(route, request);
    });
  if (!rules_.writable)
    throw unsupported(
        "this registry is only to be read (registry serve --writable "
        "makes it one to push to)");
  const Desk desk{.holdings = holdings_,
                  .arrivals = arrivals_,
                  .uploads = uploads_};
  if (route->kind == Kind::upload)
    return take_blob(desk, *route, request);
  if (route->kind == Kind::manifest && request.method == "PUT")
    return take_manifest(desk, *route, request);
  throw unsupported(
      "that cannot be done from here; images are removed by `rmi`, "
      "where they are kept");
}

http::Response Registry::read(const Route& route,
                              const http::Request& request) {
  if (route.kind == Kind::base)
    return {.headers = {{"Content-Type", kJson},
                        {"Docker-Distribution-API-Version",
                         "registry/2.0"}},
            .body = "{}"};
  const Store store = Store::open(store_options_);
  switch (route.kind) {
    case Kind::catalog:
      return give_catalog(store, request);
    case Kind::tags:
      return give_tags(store, route, request);
    case Kind::manifest:
      return give_manifest(store, holdings_, route, request);
    case Kind::blob:
      return give_blob(store, holdings_, route);
    case Kind::base:
    case Kind::upload:
      break;
  }
  throw nowhere();
}

}  // namespace dockwright::serve
