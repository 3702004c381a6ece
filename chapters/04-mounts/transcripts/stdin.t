stage: 04
needs: root
---
$ stage04 run --rootfs rootfs -- cat <<< "typed"
$ stage04 run -i --rootfs rootfs -- cat <<< "typed"
typed
$ stage04 run -it --rootfs rootfs -- cat <<< "typed"
stage04: the input device is not a TTY
  cause: -it hands your terminal on, and standard input is none
  cure:  run it in a terminal, or leave out -t
  book:  Chapter 4: Mounts and pivot_root (book/04-mounts.md#ch04-terminal)
? 125
$ stage04 run -t --rootfs rootfs -- sh -c 'tty; ls /dev/console'
/dev/pts/0
/dev/console
$ stage04 run --rootfs rootfs -- sh -c 'tty; ls /dev/console'
not a tty
ls: /dev/console: No such file or directory
? 1
