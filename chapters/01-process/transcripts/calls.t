stage: 01
needs:
---
$ stage01 run --explain -- sh -c 'exit 7' 2>&1 | grep -e '^\[' -e ^--
---- the stage itself, on the host
[ 1] rt_sigprocmask(SIG_BLOCK, [TERM INT HUP QUIT USR1 USR2 WINCH CHLD])
[ 2] signalfd(-1, [the same], SFD_CLOEXEC|SFD_NONBLOCK)
[ 3] clone3({.flags=CLONE_PIDFD|CLONE_CLEAR_SIGHAND, .exit_signal=SIGCHLD})
---- the child
[ 4] rt_sigprocmask(SIG_SETMASK, [])
[ 5] close_range(3, ~0, CLOSE_RANGE_CLOEXEC)
[ 6] execve("/usr/bin/sh", [sh -c 'exit 7'], /* 4 variables */)
---- the stage itself, on the host
[ 7] waitid(P_PIDFD, 7, WEXITED)
