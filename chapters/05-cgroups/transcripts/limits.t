stage: 05
needs: root
---
$ stage05 run --explain --rootfs rootfs --pids-limit 100 --memory 64m \
> -- true 2>&1 | grep -o "echo [1-9].* > .*" | \
> sed 's|/sys/fs/cgroup/||; s|dockwright-[^/]*|GROUP|'
echo 100 > [..]GROUP/pids.max
echo 67108864 > [..]GROUP/memory.[..]
echo [..] > [..]GROUP/memory.[..]
