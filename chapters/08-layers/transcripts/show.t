stage: 08
needs: root
setup: stage08 run --rootfs rootfs:O --upper changes -- sh -c 'rm /bin/vi; rm -r /etc; mkdir /etc; echo 127.0.0.1 box > /etc/hosts'
setup: stage08 layer diff changes -o layer.tar; mkdir layer; stage08 layer apply layer.tar layer
---
$ stage08 layer show rootfs layer
        0B  bin/
-             vi -> busybox                           hides 0B
       14B  etc/
~      14B    hosts                                   was 34B
-             group                                   hides 48B
-             hostname                                hides 4B
-             os-release                              hides 83B
-             passwd                                  hides 104B
-             resolv.conf                             hides 52B
-             shadow                                  hides 26B

adds 0 files, 0B; changes 1 file, 14B (before: 34B); hides 7 files, 317B
What is hidden is still in the layers below, and travels with them.
