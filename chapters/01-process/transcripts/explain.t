stage: 01
needs:
---
$ stage01 run --explain -- true 2>&1 | grep -A 3 clone3
[ 3] clone3({.flags=CLONE_PIDFD|CLONE_CLEAR_SIGHAND, .exit_signal=SIGCHLD})
     why    a child can become the program while we stay and wait for it
     shell  COMMAND &
     book   Chapter 1: A process is all there is (book/01-process.md#ch01-clone)
