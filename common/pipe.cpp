#include "common/pipe.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cstring>

#include "common/check.hpp"

namespace dockwright {

Pipe make_pipe() {
  int ends[2];
  check_call("pipe2", ::pipe2(ends, O_CLOEXEC), "create a pipe");
  return {.read_end = UniqueFd{ends[0]}, .write_end = UniqueFd{ends[1]}};
}

void Gate::open() const {
  check(retry([&] { return ::write(pipe_.write_end.get(), "", 1); }), "let the child go on");
}

void Gate::pass() const {
  char byte = 0;
  check(retry([&] { return ::read(pipe_.read_end.get(), &byte, 1); }), "wait for the parent");
}

SocketPair make_socket_pair() {
  int ends[2];
  check_call("socketpair", ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends),
             "create a socket pair");
  return {.parent = UniqueFd{ends[0]}, .child = UniqueFd{ends[1]}};
}

namespace {

/// A message of one byte with room for one descriptor beside it: the kernel wants at least one byte of
/// ordinary data.
struct DescriptorMessage {
  char byte = 'd';
  iovec data{.iov_base = &byte, .iov_len = 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header{.msg_name = nullptr,
                .msg_namelen = 0,
                .msg_iov = &data,
                .msg_iovlen = 1,
                .msg_control = control,
                .msg_controllen = sizeof control,
                .msg_flags = 0};
};

}  // namespace

void send_descriptor(const UniqueFd& socket, const UniqueFd& descriptor) {
  DescriptorMessage message;
  cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(int));
  const int number = descriptor.get();
  std::memcpy(CMSG_DATA(rights), &number, sizeof number);
  check_call("sendmsg", retry([&] { return ::sendmsg(socket.get(), &message.header, MSG_NOSIGNAL); }),
             "send a descriptor");
}

UniqueFd receive_descriptor(const UniqueFd& socket) {
  DescriptorMessage message;
  const auto size =
      check_call("recvmsg", retry([&] { return ::recvmsg(socket.get(), &message.header, MSG_CMSG_CLOEXEC); }),
                 "receive a descriptor");
  const cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
  if (size == 0 || rights == nullptr || rights->cmsg_type != SCM_RIGHTS) return UniqueFd{};
  int number = -1;
  std::memcpy(&number, CMSG_DATA(rights), sizeof number);
  return UniqueFd{number};
}

}  // namespace dockwright
