stage: 04
needs: root
---
$ echo "typed" | stage04 run --rootfs rootfs -- cat
$ echo "typed" | stage04 run -i --rootfs rootfs -- cat
typed
$ echo "typed" | stage04 run -it --rootfs rootfs -- cat
stage04: the input device is not a TTY
? 125
$ stage04 run -t --rootfs rootfs -- sh -c 'tty; ls /dev/console'
/dev/pts/0
/dev/console
$ stage04 run --rootfs rootfs -- sh -c 'tty; ls /dev/console'
not a tty
ls: /dev/console: No such file or directory
? 1
