# flags: --network none
FROM busybox
RUN ls /sys/class/net | tr '\n' ' ' > /interfaces
