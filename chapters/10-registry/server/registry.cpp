#include "chapters/10-registry/server/registry.hpp"

#include "chapters/10-registry/server/reading.hpp"
#include "chapters/10-registry/server/refusal.hpp"
#include "chapters/10-registry/server/route.hpp"
#include "chapters/10-registry/server/writing.hpp"

namespace dockwright::serve {

namespace {

/// A name that this machine has for itself, with or without a port.
bool means_this_machine(std::string_view host) {
  if (host.starts_with('['))
    return host.starts_with("[::1]") &&
           (host.size() == 5 || host[5] == ':');
  host = host.substr(0, host.find(':'));
  return host == "localhost" ||
         (host.starts_with("127.") &&
          host.find_first_not_of("0123456789.") == host.npos);
}

/// A page in a browser on this machine may send requests anywhere, also
/// here; and once its own host name means 127.0.0.1 (DNS rebinding), it
/// may read the answers. But it cannot choose what Host says, and when
/// it changes anything, the browser tells where the page is from.
void refuse_web_pages(const http::Request& request, bool on_loopback) {
  const bool reads =
      request.method == "GET" || request.method == "HEAD";
  if (!reads && request.header("origin"))
    throw Refusal{403, "DENIED", "web pages do not push"};
  if (!on_loopback) return;
  const std::string host = request.header("host").value_or("localhost");
  if (!means_this_machine(host))
    throw Refusal{403, "DENIED",
                  fmt::format("this registry is for this machine, and "
                              "{:?} is no name of it; ask localhost",
                              host.substr(0, 80))};
}

}  // namespace

std::unique_ptr<http::Exchange> Registry::handle(
    const http::Request& request) {
  try {
    refuse_web_pages(request, rules_.on_loopback);
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
      return give_catalog(store, holdings_, request);
    case Kind::tags:
      return give_tags(store, holdings_, route, request);
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
