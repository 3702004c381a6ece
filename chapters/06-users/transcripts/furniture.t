stage: 06
needs: root
---
$ stage06 run --rootfs rootfs --userns private -- sh -c '\
> mknod /disk b 8 0; stat -c "%u:%g %n" /dev/null; \
> echo gone > /dev/null && echo usable'
mknod: /disk: Operation not permitted
65534:65534 /dev/null
usable
