stage: 08
needs: root
seconds: 60
---
$ for i in $(seq 50); do \
>   stage08 run --rootfs rootfs:O -- sh -c "echo $i > /me; sleep 6473" & \
> done
$ while [ $(pgrep -xc -f 'sleep 6473') -lt 50 ]; do sleep 0.1; done
$ pgrep -xc -f 'sleep 6473'
50
$ du -sm rootfs | cut -f 1; ls rootfs/me
2
ls: cannot access 'rootfs/me': No such file or directory
? 2
