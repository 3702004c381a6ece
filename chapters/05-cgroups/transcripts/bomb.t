stage: 05
needs: root
seconds: 30
---
$ stage05 run --rootfs rootfs --pids-limit 64 -- \
> sh -c 'bomb() { bomb | bomb & }; bomb; sleep 2' 2> words
$ grep -o "can't fork" words | sort -u
can't fork
