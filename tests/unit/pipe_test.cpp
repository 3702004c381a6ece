#include "common/pipe.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>

#include "tests/unit/catch.hpp"

using namespace dockwright;

TEST_CASE("both ends of a pipe are close-on-exec", "[pipe]") {
  const Pipe pipe = make_pipe();
  CHECK((::fcntl(pipe.read_end.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((::fcntl(pipe.write_end.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a descriptor travels through a socket and stays close-on-exec", "[pipe]") {
  const SocketPair sockets = make_socket_pair();
  const Pipe pipe = make_pipe();
  send_descriptor(sockets.child, pipe.write_end);
  const UniqueFd received = receive_descriptor(sockets.parent);
  REQUIRE(static_cast<bool>(received));
  CHECK((::fcntl(received.get(), F_GETFD) & FD_CLOEXEC) != 0);
  REQUIRE(::write(received.get(), "x", 1) == 1);
  std::array<char, 2> byte{};
  CHECK(::read(pipe.read_end.get(), byte.data(), 1) == 1);
  CHECK(byte[0] == 'x');
}

TEST_CASE("a socket whose other end is closed gives no descriptor", "[pipe]") {
  SocketPair sockets = make_socket_pair();
  sockets.child.reset();
  CHECK_FALSE(static_cast<bool>(receive_descriptor(sockets.parent)));
}
