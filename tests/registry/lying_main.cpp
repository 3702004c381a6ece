// lying-registry [OPTIONS] LAYOUT: a registry that serves one OCI image layout under every name, and lies
// where it is told to. Prints
//
//     registry 127.0.0.1:PORT
//     other 127.0.0.1:PORT
//
// and serves until its input ends or it is told to end (SIGTERM). The second host belongs to somebody else:
// it serves the same blobs, gives a token to whoever asks, asks for a password below /ask-basic, and like the
// first it notes every request in the file --seen.

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdint>

#include "common/check.hpp"
#include "common/errors.hpp"
#include "tests/registry/lying_registry.hpp"

using namespace dockwright;
using namespace lying;

namespace {

struct Options {
  std::string layout{};
  std::string seen{};
  std::vector<std::string> lies{};
  std::string scheme = "none";
  AccessRules rules{};
  std::string realm_host = "own";
  std::string certificate{};
  std::string key{};
  bool other_tls = false;
  std::uint16_t port = 0;
  std::uint64_t from_bytes = 0;
};

/// Collects a body in memory, and answers.
class Whole : public http::Exchange {
 public:
  explicit Whole(std::function<http::Response(const std::string&)> answer) : answer_{std::move(answer)} {}
  std::uint64_t body_limit() const override { return 1U << 30; }
  void take(std::string_view bytes) override { body_ += bytes; }
  http::Response finish() override { return answer_(body_); }

 private:
  std::function<http::Response(const std::string&)> answer_;
  std::string body_{};
};

using Answer = std::function<http::Response(const http::Request&, const std::string&)>;

http::Callbacks callbacks(const char* host, Seen& seen, const Answer& answer) {
  return {
      .handler =
          [host, &seen, answer](const http::Request& request) {
            seen.note(host, request);
            return std::make_unique<Whole>(
                [request, answer](const std::string& body) { return answer(request, body); });
          },
      .failed = [](const std::exception& failure) { return error(500, failure.what()); },
      .log = [host, &seen](const http::Request& request,
                           const http::Outcome& outcome) { seen.note_end(host, request, outcome.status); }};
}

/// What the second host says.
http::Response other_answer(Registry& honest, const http::Request& request, const std::string& body) {
  if (request.path == "/token") return {.body = R"({"token":"from-the-second-host"})"};
  if (request.path.starts_with("/ask-basic")) {
    http::Response refused = error(401, "UNAUTHORIZED");
    refused.headers.emplace_back("WWW-Authenticate", R"(Basic realm="the tests' registry")");
    return refused;
  }
  return honest.answer(request, body);
}

http::ServerOptions server_options(const Options& options, bool tls) {
  http::ServerOptions server{.threads = 0, .connections = 200, .head_bytes = 4U << 20};
  if (tls && !options.certificate.empty()) {
    server.certificate = slurp(options.certificate);
    server.private_key = slurp(options.key);
  }
  return server;
}

std::string url(bool tls, std::uint16_t port) {
  return fmt::format("{}://127.0.0.1:{}", tls ? "https" : "http", port);
}

/// Waits until the input ends or a signal says so.
void wait_for_end(const sigset_t& signals) {
  const UniqueFd signal{check(::signalfd(-1, &signals, SFD_CLOEXEC), "wait for signals")};
  pollfd events[] = {{STDIN_FILENO, POLLIN, 0}, {signal.get(), POLLIN, 0}};
  for (char byte = 0;;) {
    check(retry([&] { return ::poll(events, 2, -1); }), "wait for the end");
    if (events[1].revents != 0) return;
    if (events[0].revents != 0 && ::read(STDIN_FILENO, &byte, 1) <= 0) return;
  }
}

[[noreturn]] void serve(Options& options) {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&signals, number);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // in all threads that are yet to come
  std::signal(SIGPIPE, SIG_IGN);

  const Layout layout{options.layout};
  Seen seen{options.seen};
  World world{.layout = layout, .from_bytes = options.from_bytes};
  std::vector<const Lie*> lies;
  for (const std::string& name : options.lies) lies.push_back(&find_lie(name));

  Registry stranger{world, {}, {}};
  const http::Server other{server_options(options, options.other_tls),
                           callbacks("other", seen, [&](const auto& request, const auto& body) {
                             return other_answer(stranger, request, body);
                           })};
  world.other_url = url(options.other_tls, other.port());

  // The realm holds the port, which is known only when the server runs; nobody knows of it before it is
  // printed.
  std::optional<Registry> registry;
  http::ServerOptions settings = server_options(options, true);
  settings.port = options.port;
  const http::Server own{settings, callbacks("registry", seen, [&](const auto& request, const auto& body) {
                           return registry->answer(request, body);
                         })};
  world.own_url = url(!options.certificate.empty(), own.port());
  options.rules.realm = (options.realm_host == "own" ? world.own_url : world.other_url) + "/token";
  registry.emplace(world, options.rules, lies);
  const std::string ports =
      fmt::format("registry 127.0.0.1:{}\nother 127.0.0.1:{}\n", own.port(), other.port());
  check(::write(STDOUT_FILENO, ports.data(), ports.size()), "say the ports");
  wait_for_end(signals);
  ::_exit(0);  // A thread may be in the middle of a lie that takes an hour.
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"A registry that lies. What it can do:\n" + list_lies()};
  app.add_option("layout", options.layout, "An OCI image layout")->required();
  app.add_option("--lie", options.lies, "What to lie about; may be given several times");
  app.add_option("--seen", options.seen, "Note each request, with its headers, in this file");
  app.add_option("--port", options.port, "0: any that is free");
  app.add_option("--from-bytes", options.from_bytes, "Serve blobs that are smaller honestly");
  app.add_option("--access", options.scheme, "none, basic or bearer")
      ->check(CLI::IsMember({"none", "basic", "bearer"}));
  app.add_option("--user", options.rules.user, "Who may do all");
  app.add_option("--password", options.rules.password, "and how we know");
  app.add_option("--realm", options.realm_host, "Whose /token gives tokens: own or other")
      ->check(CLI::IsMember({"own", "other"}));
  app.add_flag("!--no-anonymous", options.rules.anonymous_pull, "Tokens only for the user");
  app.add_option("--token-key", options.rules.token_key, "token or access_token");
  app.add_option("--expires", options.rules.expires_seconds, "What a token says of itself");
  app.add_flag("--refuse-tokens", options.rules.refuse_tokens, "Give tokens, and take none");
  app.add_option("--tls-cert", options.certificate, "PEM");
  app.add_option("--tls-key", options.key, "PEM");
  app.add_flag("--other-tls", options.other_tls, "TLS for the second host, too");
  CLI11_PARSE(app, argc, argv);
  options.rules.scheme = options.scheme == "basic"    ? Scheme::basic
                         : options.scheme == "bearer" ? Scheme::bearer
                                                      : Scheme::none;
  try {
    serve(options);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "lying-registry: {}\n", describe(failure));
    return 1;
  }
}
