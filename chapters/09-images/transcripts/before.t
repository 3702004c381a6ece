stage: 08
needs: root
setup: stage08 run --rootfs rootfs:O --upper changes -- sh -c 'mkdir /app; echo "echo served" > /app/serve'
setup: stage08 layer diff changes -o layer.tar; mkdir app; stage08 layer apply layer.tar app
---
$ stage08 run --rootfs rootfs:O --layer app -e PORT=80 -w /app -- sh serve
served
$ sed -i 's/echo served/echo stolen/' layer.tar; mkdir app2
$ stage08 layer apply layer.tar app2 | tail -n 1
size     12B
$ stage08 run --rootfs rootfs:O --layer app2 -e PORT=80 -w /app -- sh serve
stolen
