// The web server against clients that are slow, endless, broken or many.

#include "chapters/10-registry/server/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>

#include "common/check.hpp"
#include "common/unique_fd.hpp"
#include "tests/unit/catch.hpp"

using namespace dockwright;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// Counts the bytes of a body, of at most 100,000.
class Counting : public http::Exchange {
 public:
  [[nodiscard]] std::uint64_t body_limit() const override { return 100'000; }
  void take(std::string_view bytes) override { size_ += bytes.size(); }
  http::Response finish() override { return {.body = std::to_string(size_)}; }

 private:
  std::size_t size_ = 0;
};

struct Fixture {
  std::atomic<int> broken = 0;
  http::Server server;
  explicit Fixture(http::ServerOptions options = {})
      : server{std::move(options),
               {.handler = [](const http::Request&) { return std::make_unique<Counting>(); },
                .failed =
                    [](const std::exception& error) {
                      return http::Response{.status = 500, .body = error.what()};
                    },
                .log = [this](const http::Request&,
                              const http::Outcome& outcome) { broken += outcome.whole ? 0 : 1; }}} {}

  UniqueFd connect() const {
    UniqueFd socket{check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "make a socket")};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), "connect");
    return socket;
  }
};

void send(const UniqueFd& socket, const std::string& text) {
  ignore(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL), "it may be closed");
}

/// All that comes until the other end closes, or `longest` is over.
std::string receive(const UniqueFd& socket, std::chrono::seconds longest = 10s) {
  const timeval limit{.tv_sec = longest.count(), .tv_usec = 0};
  check(::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), "set a limit");
  std::string text;
  std::array<char, 4096> bytes{};
  for (;;) {
    const auto size = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
    if (size <= 0) return text;
    text.append(bytes.data(), static_cast<std::size_t>(size));
  }
}

std::string ask(const Fixture& fixture, const std::string& request) {
  const UniqueFd socket = fixture.connect();
  send(socket, request);
  return receive(socket);
}

constexpr const char* kClose = "Connection: close\r\nHost: x\r\n";

}  // namespace

TEST_CASE("a body arrives whole, and an empty one, too", "[http]") {
  const Fixture fixture;
  CHECK(contains(ask(fixture, fmt::format("PUT /x HTTP/1.1\r\n{}Content-Length: 5\r\n\r\nhello", kClose)),
                 "\r\n\r\n5"));
  CHECK(contains(ask(fixture, fmt::format("GET /x HTTP/1.1\r\n{}\r\n", kClose)), "\r\n\r\n0"));
}

TEST_CASE("a body beyond the limit is refused, announced or not", "[http][security]") {
  const Fixture fixture;
  CHECK(contains(
      ask(fixture, fmt::format("PUT /x HTTP/1.1\r\n{}Content-Length: 1000000000000\r\n\r\n", kClose)),
      " 413 "));
  std::string chunked = fmt::format("PUT /x HTTP/1.1\r\n{}Transfer-Encoding: chunked\r\n\r\n", kClose);
  for (int i = 0; i < 5; ++i) chunked += "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
  CHECK(contains(ask(fixture, chunked + "0\r\n\r\n"), " 413 "));
}

TEST_CASE("a head that is no head, or too long, gets no more than a refusal", "[http][security]") {
  const Fixture fixture{{.head_bytes = 16U << 10}};
  CHECK(contains(ask(fixture, fmt::format("GET /%zz HTTP/1.1\r\n{}\r\n", kClose)), " 400 "));
  CHECK_FALSE(contains(ask(fixture, "\x16\x03\x01\x02garbage\r\n\r\n"), " 200 "));
  CHECK_FALSE(
      contains(ask(fixture, "GET /x HTTP/1.1\r\nX: " + std::string(1U << 20, 'x') + "\r\n\r\n"), " 200 "));
  CHECK(contains(ask(fixture, fmt::format("GET /x HTTP/1.1\r\n{}\r\n", kClose)), " 200 "));
}

TEST_CASE("a head that trickles is cut off, and others are served meanwhile", "[http][security]") {
  const Fixture fixture{{.head_seconds = 1}};
  const auto start = Clock::now();
  std::vector<UniqueFd> slow;
  for (int i = 0; i < 50; ++i) slow.push_back(fixture.connect());
  bool closed = false;
  while (!closed && Clock::now() - start < 6s) {
    for (const UniqueFd& socket : slow) send(socket, "G");
    std::this_thread::sleep_for(100ms);
    char byte = 0;
    closed = ::recv(slow.front().get(), &byte, 1, MSG_DONTWAIT) == 0 || errno != EAGAIN;
    CHECK(contains(ask(fixture, fmt::format("GET /x HTTP/1.1\r\n{}\r\n", kClose)), " 200 "));
  }
  CHECK(closed);
  CHECK(Clock::now() - start > 900ms);
}

TEST_CASE("a client that goes away in the middle of a body is noticed", "[http]") {
  Fixture fixture;
  {
    const UniqueFd socket = fixture.connect();
    send(socket, "PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
    std::this_thread::sleep_for(200ms);
  }
  for (int i = 0; i < 50 && fixture.broken == 0; ++i) std::this_thread::sleep_for(50ms);
  CHECK(fixture.broken == 1);
}

TEST_CASE("the server ends while clients are in the middle of something", "[http]") {
  UniqueFd first, second;
  const auto start = Clock::now();
  {
    const Fixture fixture;
    first = fixture.connect();
    second = fixture.connect();
    send(second, "PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
    std::this_thread::sleep_for(100ms);
  }
  CHECK(Clock::now() - start < 5s);
  CHECK(receive(first).empty());
}
