stage: 04
needs: root
terminal: yes
---
$ stage04 run -it --rootfs rootfs -- sh
box# tty
/dev/pts/0
box# ls -l /dev/console
crw--w----    1 root     tty       136,   0 [..] /dev/console
box# exit 3
? 3
