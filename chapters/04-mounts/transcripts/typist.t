stage: 04
needs: root
terminal: yes
setup: cp "$(which probe)" rootfs/bin/
---
$ listen() { read -t 1 -n 1 key < /dev/tty; echo "our shell: '$key'"; }
$ stage03 run --rootfs rootfs -- probe terminal; listen
pushed
our shell: 'X'
$ stage04 run -it --rootfs rootfs -- probe terminal; listen
Xpushed
our shell: ''
