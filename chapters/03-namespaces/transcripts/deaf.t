stage: 03
needs: root
minutes: 1
---
$ stage03 run --no-init --rootfs rootfs -- sh -c 'kill $$; echo still here'
still here
$ stage03 run --rootfs rootfs -- sh -c 'kill $$; echo still here'
? 143
