stage: 04
needs: root
---
$ mkdir -p data && echo hello > data/note
$ ln -s /home rootfs/shortcut
$ stage04 run --rootfs rootfs -v ./data:/shortcut/box -- cat /home/box/note
hello
$ ls -d /home/box rootfs/home/box
ls: cannot access '/home/box': No such file or directory
rootfs/home/box
? 2
