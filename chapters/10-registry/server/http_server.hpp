#pragma once
// A web server, as thin as can be: libmicrohttpd speaks HTTP, and this
// makes a request a value and a value a response. What a request means
// is for the handler to say. It makes one Exchange for each request:
//
//     client              Server                  Exchange
//       | ---- head -----> | -- handler(head) ----> |  made
//       |                  | <----- refusal ------- |  begin()
//       | ---- body -----> | -- take(bytes) ------> |  as they come
//       | <-- response --- | <----- response ------ |  finish()
//
// A client may be slow, endless or gone in the middle. So a body has a
// limit, a head has to come within seconds (deadlines.hpp), and an
// Exchange that is not finished is destroyed, and takes with it what it
// had begun.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "chapters/10-registry/server/http_message.hpp"
#include "common/unique_fd.hpp"

namespace dockwright::http {

/// One request and what is done about it.
class Exchange {
 public:
  virtual ~Exchange() = default;
  /// An answer for which the body is not even read: a refusal.
  virtual std::optional<Response> begin() { return std::nullopt; }
  /// How much of a body there may be; one that is longer is refused.
  [[nodiscard]] virtual std::uint64_t body_limit() const { return 0; }
  /// The body's next bytes.
  virtual void take(std::string_view /*bytes*/) {}
  /// All has come.
  virtual Response finish() = 0;
};

/// The Exchange of a request whose body does not matter.
[[nodiscard]] std::unique_ptr<Exchange> answer_with(
    std::function<Response()> make);

/// The Exchange of a request that is refused, whatever its body.
[[nodiscard]] std::unique_ptr<Exchange> refuse_with(Response response);

/// What became of a request.
struct Outcome {
  int status = 0;           ///< 0: there was no answer.
  std::uint64_t bytes = 0;  ///< Of the response's body.
  bool whole = true;        ///< False: the client went away before.
  double seconds = 0;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;     ///< 0: any that is free.
  std::string certificate{};  ///< PEM; empty: plain HTTP.
  std::string private_key{};
  unsigned threads = 2;        ///< 0: one for each connection.
  unsigned connections = 512;  ///< At most, at a time.
  unsigned per_address = 0;    ///< Of these, from one address; 0: all.
  unsigned idle_seconds = 60;  ///< Then a silent connection is closed.
  unsigned head_seconds = 20;  ///< In which a request's head must come.
  std::size_t head_bytes = 128U << 10;  ///< Its memory, and that of …
                                        ///< our own heads.
};

/// What the server calls, from several threads at a time.
struct Callbacks {
  std::function<std::unique_ptr<Exchange>(const Request&)> handler{};
  /// The answer to a request that ended with an exception.
  std::function<Response(const std::exception&)> failed{};
  /// The answer to what is refused before it is a request of the
  /// handler's: 400, or 413 for a body beyond its limit.
  std::function<Response(int status)> refused{};
  /// Called once for each request, when it is over.
  std::function<void(const Request&, const Outcome&)> log{};
};

/// Serves from its construction until its destruction, in threads of
/// its own.
class Server {
 public:
  /// @throws Failure, or SystemCallError when the address is taken
  Server(ServerOptions options, Callbacks callbacks);
  Server(Server&&) = delete;
  /// Ends all connections, also those in the middle of something.
  ~Server();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  struct Daemon;
  std::unique_ptr<Daemon> daemon_;
  std::uint16_t port_ = 0;
};

}  // namespace dockwright::http
