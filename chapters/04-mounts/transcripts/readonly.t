stage: 04
needs: root
---
$ stage04 run --rootfs rootfs --read-only -- touch /etc/new
touch: /etc/new: Read-only file system
? 1
$ stage04 run --rootfs rootfs --read-only --tmpfs /cache:size=1m -- \
> sh -c 'touch /cache/new; ls /cache'
new
