stage: 04
needs: root
---
$ mkdir -p data && echo "from the host" > data/note
$ stage04 run --rootfs rootfs -v ./data:/data -- \
> sh -c 'cat /data/note; echo "from the box" >> /data/note'
from the host
$ cat data/note
from the host
from the box
$ stage04 run --rootfs rootfs -v ./data:/data:ro -- rm /data/note
rm: can't remove '/data/note': Read-only file system
? 1
