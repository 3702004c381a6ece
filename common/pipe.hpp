#pragma once

#include "common/unique_fd.hpp"

namespace dockwright {

/// The two ends of a pipe, both close-on-exec.
struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

/// Creates a pipe. @man{pipe2,2} @throws SystemCallError
Pipe make_pipe();

/// Holds a child back until its parent has done what must come first, while the child does other things. When
/// the parent ends instead, the child waits for its end, which comes with its parent's.
class Gate {
 public:
  Gate() : pipe_{make_pipe()} {}
  /// In the parent: lets one child through. @throws SystemCallError
  void open() const;
  /// In the child: waits for that. @throws SystemCallError
  void pass() const;

 private:
  Pipe pipe_;
};

/// The two ends of a Unix socket that keeps message boundaries (SOCK_SEQPACKET), both close-on-exec.
/// Descriptors can travel through it.
struct SocketPair {
  UniqueFd parent;
  UniqueFd child;
};

/// Creates a pair of connected sockets. @man{socketpair,2} @throws SystemCallError
SocketPair make_socket_pair();

/// Sends a descriptor to the process at the other end (SCM_RIGHTS). @man{unix,7} @throws SystemCallError
void send_descriptor(const UniqueFd& socket, const UniqueFd& descriptor);

/// Receives a descriptor; an empty one when the other end was closed instead. @man{unix,7} @throws
/// SystemCallError
UniqueFd receive_descriptor(const UniqueFd& socket);

}  // namespace dockwright
