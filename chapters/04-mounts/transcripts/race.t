stage: 04
needs: root
seconds: 60
---
$ mkdir -p data outside
$ while true; do \
>   mkdir rootfs/goal; sleep 0.001; rm -r rootfs/goal; \
>   ln -s $WORK/outside rootfs/goal; sleep 0.001; rm rootfs/goal; \
> done 2> /dev/null &
$ for i in $(seq 200); do mkdir -p rootfs/goal/box; done 2> /dev/null; \
> ls outside
box
$ rmdir outside/box
$ for i in $(seq 50); do \
>   stage04 run --rootfs rootfs -v ./data:/goal/box -- true; \
> done 2> errors; ls -A outside | wc -l
0
$ kill %1
