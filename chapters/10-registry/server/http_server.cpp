#include "chapters/10-registry/server/http_server.hpp"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <cstdio>

#include "chapters/10-registry/server/deadlines.hpp"
#include "chapters/10-registry/server/http_response.hpp"
#include "chapters/10-registry/server/listen.hpp"
#include "common/check.hpp"

namespace dockwright::http {

namespace {

using Clock = std::chrono::steady_clock;

/// A small body that is refused is read away: were the connection
/// closed upon it, the client might never see why.
constexpr std::uint64_t kSwallowed = 1U << 20;
constexpr int kBadRequest = 400;
constexpr int kContentTooLarge = 413;

class AnswerWith : public Exchange {
 public:
  explicit AnswerWith(std::function<Response()> make)
      : make_{std::move(make)} {}
  Response finish() override { return make_(); }

 private:
  std::function<Response()> make_;
};

class RefuseWith : public Exchange {
 public:
  explicit RefuseWith(Response response)
      : response_{std::move(response)} {}
  std::optional<Response> begin() override {
    return std::move(response_);
  }
  Response finish() override { return {}; }  // begin() has said it

 private:
  Response response_;
};

/// One request on its way, from its first line to its end.
struct Conversation {
  Request request{};
  bool begun = false;
  std::unique_ptr<Exchange> exchange{};
  std::optional<Response> refusal{};  ///< Once the body is read away.
  std::uint64_t received = 0;
  Outcome outcome{};
  Clock::time_point start = Clock::now();
};

int socket_of(MHD_Connection* connection) {
  const auto* const info = ::MHD_get_connection_info(
      connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == nullptr ? -1 : info->connect_fd;
}

std::string peer_of(MHD_Connection* connection) {
  const auto* const info = ::MHD_get_connection_info(
      connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  if (info == nullptr) return "?";
  const sockaddr* const address = info->client_addr;
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes =
      &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  if (address->sa_family == AF_INET6)
    bytes = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  ::inet_ntop(address->sa_family, bytes, text.data(), text.size());
  return text.data();
}

MHD_Result collect_header(void* fields, enum MHD_ValueKind /*kind*/,
                          const char* name, const char* value) {
  static_cast<Fields*>(fields)->emplace_back(
      lower_case(name), value == nullptr ? "" : value);
  return MHD_YES;
}

}  // namespace

std::unique_ptr<Exchange> answer_with(std::function<Response()> make) {
  return std::make_unique<AnswerWith>(std::move(make));
}

std::unique_ptr<Exchange> refuse_with(Response response) {
  return std::make_unique<RefuseWith>(std::move(response));
}

/// The server as libmicrohttpd sees it: its callbacks, and what they
/// need.
struct Server::Daemon {
  explicit Daemon(ServerOptions given, Callbacks called);
  ~Daemon() {
    if (daemon != nullptr) ::MHD_stop_daemon(daemon);
  }
  Daemon(Daemon&&) = delete;

  void start(UniqueFd socket);
  [[nodiscard]] Response refuse(int status) const {
    return callbacks.refused ? callbacks.refused(status)
                             : Response{.status = status};
  }
  MHD_Result begin(Conversation& talk, MHD_Connection* connection);
  MHD_Result answer(Conversation& talk, MHD_Connection* connection,
                    Response response) const;
  void take(Conversation& talk, std::string_view bytes) const;
  [[nodiscard]] Response finish(Conversation& talk) const;

  static void* on_target(void* self, const char* target,
                         MHD_Connection* connection);
  static MHD_Result on_request(void* self, MHD_Connection* connection,
                               const char* url, const char* method,
                               const char* version, const char* data,
                               std::size_t* size, void** context);
  static void on_completed(void* self, MHD_Connection* connection,
                           void** context,
                           enum MHD_RequestTerminationCode code);
  static void on_connection(void* self, MHD_Connection* connection,
                            void** context,
                            enum MHD_ConnectionNotificationCode code);
  static void on_message(void* self, const char* format, va_list words);

  ServerOptions options;
  Callbacks callbacks;
  Deadlines deadlines;
  std::string complaint{};  ///< Why it does not start.
  std::atomic<bool> started = false;
  MHD_Daemon* daemon = nullptr;
};

Server::Daemon::Daemon(ServerOptions given, Callbacks called)
    : options{std::move(given)},
      callbacks{std::move(called)},
      deadlines{{.head = std::chrono::seconds{options.head_seconds}}} {}

void Server::Daemon::on_message(void* self, const char* format,
                                va_list words) {
  auto* const daemon = static_cast<Daemon*>(self);
  if (daemon->started) return;  // of single clients: they are logged
  std::array<char, 256> text{};
  // The format is libmicrohttpd's own.
  std::vsnprintf(text.data(), text.size(), format, words);
  daemon->complaint += text.data();
}

void* Server::Daemon::on_target(void* /*self*/, const char* target,
                                MHD_Connection* connection) {
  auto talk = std::make_unique<Conversation>();
  talk->request.target = target;
  talk->request.peer = peer_of(connection);
  return talk.release();  // on_completed takes it back
}

MHD_Result Server::Daemon::answer(Conversation& talk,
                                  MHD_Connection* connection,
                                  Response response) const {
  // What it held is free before the client can know the answer and go
  // on with its next request.
  talk.exchange.reset();
  const Prepared prepared = prepare(talk.request, std::move(response));
  talk.outcome.status = prepared.status;
  talk.outcome.bytes = prepared.bytes;
  return ::MHD_queue_response(connection,
                              static_cast<unsigned>(prepared.status),
                              prepared.response.get());
}

MHD_Result Server::Daemon::begin(Conversation& talk,
                                 MHD_Connection* connection) {
  Request& request = talk.request;
  ::MHD_get_connection_values(connection, MHD_HEADER_KIND,
                              collect_header, &request.headers);
  std::optional<Response> refusal;
  if (auto target = Target::parse(request.target)) {
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    talk.exchange = callbacks.handler(request);
    refusal = talk.exchange->begin();
  } else {
    refusal = refuse(kBadRequest);
  }
  const auto length =
      parse_number(request.header("content-length").value_or("0"));
  const bool chunked = request.header("transfer-encoding").has_value();
  const std::uint64_t limit =
      talk.exchange ? talk.exchange->body_limit() : 0;
  if (!refusal && length.value_or(0) > limit)
    refusal = refuse(kContentTooLarge);
  if (!refusal) return MHD_YES;
  const bool has_body = chunked || length.value_or(0) > 0;
  if (!has_body || length.value_or(0) > kSwallowed)
    return answer(talk, connection, *std::move(refusal));
  talk.refusal = std::move(refusal);
  talk.exchange.reset();
  return MHD_YES;
}

void Server::Daemon::take(Conversation& talk,
                          std::string_view bytes) const {
  talk.received += bytes.size();
  if (talk.refusal) return;
  if (talk.received > talk.exchange->body_limit()) {
    talk.refusal = refuse(kContentTooLarge);
    talk.exchange.reset();
    return;
  }
  try {
    talk.exchange->take(bytes);
  } catch (const std::exception& error) {
    talk.refusal = callbacks.failed(error);
    talk.exchange.reset();
  }
}

Response Server::Daemon::finish(Conversation& talk) const {
  if (talk.refusal) return *std::move(talk.refusal);
  try {
    return talk.exchange->finish();
  } catch (const std::exception& error) {
    return callbacks.failed(error);
  }
}

MHD_Result Server::Daemon::on_request(
    void* self, MHD_Connection* connection, const char* /*url*/,
    const char* method, const char* /*version*/, const char* data,
    std::size_t* size, void** context) {
  auto* const daemon = static_cast<Daemon*>(self);
  auto& talk = *static_cast<Conversation*>(*context);
  const int fd = socket_of(connection);
  try {
    if (!talk.begun) {
      talk.begun = true;
      talk.request.method = method;
      daemon->deadlines.head_came(fd);
      return daemon->begin(talk, connection);
    }
    if (*size > 0) {
      daemon->deadlines.body_came(fd, *size);
      daemon->take(talk, {data, *size});
      *size = 0;
      // Who goes on and on after a refusal is not listened to.
      const bool endless = talk.refusal && !talk.exchange &&
                           talk.received > 64 * kSwallowed;
      return endless ? MHD_NO : MHD_YES;
    }
    daemon->deadlines.answering(fd);
    return daemon->answer(talk, connection, daemon->finish(talk));
  } catch (const std::exception& error) {
    if (talk.outcome.status != 0) return MHD_NO;
    try {
      return daemon->answer(talk, connection,
                            daemon->callbacks.failed(error));
    } catch (const std::exception&) {
      return MHD_NO;  // closes the connection, and logs it as broken
    }
  }
}

void Server::Daemon::on_completed(
    void* self, MHD_Connection* connection, void** context,
    enum MHD_RequestTerminationCode code) {
  auto* const daemon = static_cast<Daemon*>(self);
  const std::unique_ptr<Conversation> talk{
      static_cast<Conversation*>(*context)};
  *context = nullptr;
  daemon->deadlines.waiting(socket_of(connection));
  if (!talk) return;
  talk->outcome.whole = code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
  talk->outcome.seconds =
      std::chrono::duration<double>(Clock::now() - talk->start).count();
  talk->exchange.reset();
  if (talk->begun && daemon->callbacks.log)
    daemon->callbacks.log(talk->request, talk->outcome);
}

void Server::Daemon::on_connection(
    void* self, MHD_Connection* connection, void** /*context*/,
    enum MHD_ConnectionNotificationCode code) {
  auto* const daemon = static_cast<Daemon*>(self);
  const int fd = socket_of(connection);
  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    daemon->deadlines.opened(fd);
  else
    daemon->deadlines.closing(fd);
}

void Server::Daemon::start(UniqueFd socket) {
  unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG;
  flags |= options.threads == 0
               ? MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL
               : MHD_USE_EPOLL;
  std::vector<MHD_OptionItem> more;
  if (options.threads > 1)
    more.push_back(
        {MHD_OPTION_THREAD_POOL_SIZE, options.threads, nullptr});
  if (!options.certificate.empty()) {
    flags |= MHD_USE_TLS;
    more.push_back(
        {MHD_OPTION_HTTPS_MEM_CERT, 0, options.certificate.data()});
    more.push_back(
        {MHD_OPTION_HTTPS_MEM_KEY, 0, options.private_key.data()});
  }
  more.push_back({MHD_OPTION_END, 0, nullptr});
  daemon = ::MHD_start_daemon(
      flags, 0, nullptr, nullptr, on_request, this,
      MHD_OPTION_EXTERNAL_LOGGER, on_message, this,
      MHD_OPTION_LISTEN_SOCKET, socket.get(),
      MHD_OPTION_URI_LOG_CALLBACK, on_target, this,
      MHD_OPTION_NOTIFY_COMPLETED, on_completed, this,
      MHD_OPTION_NOTIFY_CONNECTION, on_connection, this,
      MHD_OPTION_CONNECTION_TIMEOUT, options.idle_seconds,
      MHD_OPTION_CONNECTION_LIMIT, options.connections,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, options.per_address,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, options.head_bytes,
      MHD_OPTION_ARRAY, more.data(), MHD_OPTION_END);
  if (daemon == nullptr)
    throw Failure{
        fmt::format("cannot start the server: {}", complaint)};
  ignore(socket.release(), "libmicrohttpd closes it");
  started = true;
}

Server::Server(ServerOptions options, Callbacks callbacks)
    : daemon_{std::make_unique<Daemon>(std::move(options),
                                       std::move(callbacks))} {
  UniqueFd socket =
      listen_at(daemon_->options.address, daemon_->options.port);
  port_ = port_of(socket);
  daemon_->start(std::move(socket));
}

Server::~Server() = default;

}  // namespace dockwright::http
