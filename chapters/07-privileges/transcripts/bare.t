stage: 06
needs: root
---
$ stage06 run --rootfs rootfs -- readlink /proc/1/exe
[..]/stage06
$ stage06 run --rootfs rootfs -- \
> sh -c 'mkdir /host; mount -t devtmpfs none /host; ls /host | grep -c tty0'
1
