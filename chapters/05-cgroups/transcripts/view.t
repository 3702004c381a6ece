stage: 05
needs: root
---
$ stage05 run --rootfs rootfs -- sh -c 'cut -d: -f3 /proc/self/cgroup | sort -u'
/
