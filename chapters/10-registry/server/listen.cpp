#include "chapters/10-registry/server/listen.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>

#include "common/check.hpp"

namespace dockwright::http {

namespace {

/// A socket address of either family. The kernel's calls know both by
/// their common beginning.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] sockaddr* get() {
    return reinterpret_cast<sockaddr*>(&storage);
  }
  [[nodiscard]] sockaddr_in& v4() {
    return *reinterpret_cast<sockaddr_in*>(&storage);
  }
  [[nodiscard]] sockaddr_in6& v6() {
    return *reinterpret_cast<sockaddr_in6*>(&storage);
  }
};

std::optional<SocketAddress> parse_address(const std::string& text,
                                           std::uint16_t port) {
  SocketAddress address;
  if (::inet_pton(AF_INET, text.c_str(), &address.v4().sin_addr) == 1) {
    address.v4().sin_family = AF_INET;
    address.v4().sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  if (::inet_pton(AF_INET6, text.c_str(), &address.v6().sin6_addr) ==
      1) {
    address.v6().sin6_family = AF_INET6;
    address.v6().sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return std::nullopt;
}

}  // namespace

UniqueFd listen_at(const std::string& address, std::uint16_t port) {
  auto where = parse_address(address, port);
  if (!where)
    throw Failure{fmt::format(
        "{:?} is no IP address; one is 127.0.0.1 or ::1", address)};
  const int family = where->storage.ss_family;
  UniqueFd socket{check(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0),
                        "make a socket to listen at {} port {}",
                        address, port)};
  const int on = 1;
  // Old connections of a server that has just ended do not matter.
  check(::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on,
                     sizeof on),
        "use port {} again", port);
  if (family == AF_INET6)
    check(::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on,
                       sizeof on),
          "listen at {} alone", address);
  check_call("bind", ::bind(socket.get(), where->get(), where->size),
             "listen at {} port {}", address, port);
  check(::listen(socket.get(), SOMAXCONN), "listen at {} port {}",
        address, port);
  return socket;
}

std::uint16_t port_of(const UniqueFd& socket) {
  SocketAddress address;
  address.size = sizeof address.storage;
  check(::getsockname(socket.get(), address.get(), &address.size),
        "ask for the port that we listen at");
  return ntohs(address.storage.ss_family == AF_INET6
                   ? address.v6().sin6_port
                   : address.v4().sin_port);
}

bool is_loopback(const std::string& address) {
  auto where = parse_address(address, 0);
  if (!where) return false;
  if (where->storage.ss_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK(&where->v6().sin6_addr) != 0;
  return (ntohl(where->v4().sin_addr.s_addr) >> 24U) == 127U;
}

}  // namespace dockwright::http
