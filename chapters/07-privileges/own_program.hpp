#pragma once
// Our own program is the one thing of the host that every container
// can touch: until exec, the container *is* our program, and
// /proc/PID/exe of such a process leads to our file, out of any root.
// A container that overwrites it has the host at the next `run`
// (CVE-2019-5736). Four things stand in the way:
//
//  - init is not dumpable: nobody in the container may look at its
//    /proc/1/exe, fd, root or memory (CVE-2016-9962).
//  - We do not execute ourselves as a container's program, neither
//    directly nor as the interpreter of a script.
//  - While a program runs, nobody may write its file (ETXTBSY), and
//    stage and init run ours as long as there is a container.
//  - Who may write the file at all: the host's root. In a user
//    namespace the container's root is somebody else.
//
// What remains: a container without a user namespace that got hold of
// our file in another way (a volume), in the moment in which the stage
// is killed. crun and runc close that as well, and start from a copy or
// a read-only bind of themselves: one more exec for each start.

#include <sys/types.h>

#include <string>

namespace dockwright {

/// Our program's file, looked up on the host.
class OwnProgram {
 public:
  OwnProgram();
  /// @throws Failure 126 when `program` is our file, or a script that
  /// our file would interpret
  void refuse(const std::string& program) const;

 private:
  [[nodiscard]] bool is(const std::string& path) const;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// Makes this process opaque to others: /proc/PID/mem, fd, exe and root
/// are closed, and nobody may trace it, but for CAP_SYS_PTRACE of the
/// namespace that it came from. exec ends that. @man{prctl,2}
void hide_from_others();

/// A session keyring of its own: else the container finds the keys of
/// whoever started us. @man{keyctl,2}
void leave_keyring();

}  // namespace dockwright
