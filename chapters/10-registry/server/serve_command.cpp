#include "chapters/10-registry/server/serve_command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <memory>

#include "chapters/10-registry/server/access_log.hpp"
#include "chapters/10-registry/server/listen.hpp"
#include "chapters/10-registry/server/refusal.hpp"
#include "chapters/10-registry/server/registry.hpp"
#include "common/check.hpp"
#include "common/files.hpp"

namespace dockwright {

namespace serve {

namespace {

struct ServeOptions {
  std::vector<std::string> words{};
  std::string address{};
  std::string certificate{};
  std::string key{};
  bool writable = false;
};

constexpr unsigned kThreads = 4;
/// Of 512 connections, one machine of the room gets these.
constexpr unsigned kPerAddress = 128;

void say(int fd, const std::string& text) {
  ignore(::write(fd, text.data(), text.size()), "nobody listens");
}

std::string read_pem(const std::string& path) {
  constexpr std::size_t kLargest = 1U << 20;
  const UniqueFd file{
      check_call("open", ::open(path.c_str(), O_RDONLY | O_CLOEXEC),
                 "open {}", path)};
  return files::read_all(file, kLargest, path);
}

http::ServerOptions server_options(const ServeOptions& options,
                                   const Listening& where) {
  http::ServerOptions server{.address = where.address,
                             .port = where.port,
                             .threads = kThreads};
  if (!http::is_loopback(where.address))
    server.per_address = kPerAddress;
  if (options.certificate.empty() != options.key.empty())
    throw Failure{"--tls-cert and --tls-key go together"};
  if (!options.certificate.empty()) {
    server.certificate = read_pem(options.certificate);
    server.private_key = read_pem(options.key);
  }
  return server;
}

/// What a person should know who opens a door to a network.
std::string warning(const ServeOptions& options,
                    const Listening& where) {
  if (http::is_loopback(where.address)) return "";
  std::string text = fmt::format(
      "warning: whoever reaches {} can read every image of this store",
      where.str());
  if (options.writable) text += ", push others, and fill the disk";
  text += "; nobody is asked for a password";
  if (options.certificate.empty())
    text += ", and nothing is encrypted (--tls-cert)";
  return text + '\n';
}

std::string greeting(const ServeOptions& options,
                     const Listening& where) {
  return fmt::format(
      "Serving the images of {} at {}://{} ({}); Ctrl-C ends it.\n",
      default_store_root(),
      options.certificate.empty() ? "http" : "https", where.str(),
      options.writable ? "to read and to push" : "only to read");
}

/// The signals that end us, blocked in all threads that are to come.
sigset_t block_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    ::sigaddset(&signals, number);
  check(::sigprocmask(SIG_BLOCK, &signals, nullptr), "block signals");
  return signals;
}

/// Until a signal says that it is enough.
void wait_for_signal(const sigset_t& signals, Registry& registry) {
  const UniqueFd signal{
      check(::signalfd(-1, &signals, SFD_CLOEXEC), "wait for signals")};
  constexpr int kSweepMilliseconds = 1000;
  for (;;) {
    pollfd event{.fd = signal.get(), .events = POLLIN, .revents = 0};
    const int ready = check(
        retry([&] { return ::poll(&event, 1, kSweepMilliseconds); }),
        "wait for signals");
    if (ready > 0) return;
    registry.sweep();
  }
}

int serve(const ServeOptions& options) {
  if (!options.words.empty())
    throw Failure{fmt::format("registry serve: what is {:?} to be?",
                              options.words.front())};
  Listening where = options.address.empty()
                        ? Listening{}
                        : Listening::parse(options.address);
  const sigset_t signals = block_signals();
  // A store that cannot be opened is told now, not to the first client.
  { const Store store = Store::open(); }
  Registry registry{{},
                    {.writable = options.writable,
                     .on_loopback = http::is_loopback(where.address)}};
  const http::Server server{server_options(options, where),
                            {.handler =
                                 [&](const http::Request& request) {
                                   return registry.handle(request);
                                 },
                             .failed = answer_to,
                             .refused = answer_to_status,
                             .log =
                                 [](const http::Request& request,
                                    const http::Outcome& outcome) {
                                   say(STDOUT_FILENO,
                                       log_line(request, outcome));
                                 }}};
  where.port = server.port();
  registry.listens_at(where.port);
  say(STDERR_FILENO, warning(options, where));
  say(STDOUT_FILENO, greeting(options, where));
  wait_for_signal(signals, registry);
  return 0;
}

}  // namespace

Listening Listening::parse(std::string_view text) {
  const auto fail = [&] {
    return Failure{fmt::format(
        "--address {}: an IP address is expected, with a port if need "
        "be: 127.0.0.1:5000, 0.0.0.0, [::1]:5000",
        text)};
  };
  Listening result;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) throw fail();
    result.address = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (text.find(':') != text.rfind(':')) {
    result.address = text;  // a bare IPv6 address
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (colon > 0) result.address = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (port.empty()) return result;
  port.remove_prefix(1);
  const auto number = http::parse_number(port);
  if (!number || *number > 65535) throw fail();
  result.port = static_cast<std::uint16_t>(*number);
  return result;
}

std::string Listening::str() const {
  return address.find(':') == std::string::npos
             ? fmt::format("{}:{}", address, port)
             : fmt::format("[{}]:{}", address, port);
}

}  // namespace serve

cli::Command registry_serve_command() {
  return {.name = "registry serve",
          .about = "Be a registry: give out what the store has",
          .chapter = 10,
          .declare = [](cli::Options& options) -> std::function<int()> {
            auto target = std::make_shared<serve::ServeOptions>();
            options.value("--address", target->address, "IP[:PORT]",
                          "Where to listen (127.0.0.1:5000); another "
                          "address than 127.0.0.1 opens the store to "
                          "whoever reaches it");
            options.flag("--writable", target->writable, true,
                         "Take pushes, too");
            options.value("--tls-cert", target->certificate, "FILE",
                          "Speak TLS, with this certificate (PEM)");
            options.value("--tls-key", target->key, "FILE",
                          "and its private key (PEM)");
            options.words(target->words, "", "");
            return [target] { return serve::serve(*target); };
          }};
}

}  // namespace dockwright
