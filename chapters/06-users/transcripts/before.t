stage: 05
needs: root
---
$ mkdir data
$ stage05 run --rootfs rootfs -v ./data:/data -- touch /data/made
$ stat -c '%U made this file' data/made
root made this file
