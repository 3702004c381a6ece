stage: 03
needs: root
minutes: 1
---
$ stage03 run --rootfs rootfs --network none -- ip link
1: lo: <LOOPBACK> mtu 65536 qdisc noop qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
$ stage03 run --rootfs rootfs --network none -- ping -c 1 127.0.0.1
PING 127.0.0.1 (127.0.0.1): 56 data bytes
ping: sendto: Network is unreachable
? 1
$ stage03 run --rootfs rootfs --network none -- \
> sh -c 'ip link set lo up; ping -c 1 127.0.0.1 | grep received'
1 packets transmitted, 1 packets received, 0% packet loss
