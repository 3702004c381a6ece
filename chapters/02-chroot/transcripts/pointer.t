stage: 02
needs: root
cleanup: kill $(jobs -p)
---
$ stage02 run --rootfs rootfs -- sleep 60 &
$ stage=$!; sleep 1; child=$(pgrep -P $stage)
$ readlink /proc/$stage/root
/
$ readlink /proc/$child/root
[..]/rootfs
$ readlink /proc/$child/cwd
[..]/rootfs
