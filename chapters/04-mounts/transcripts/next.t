stage: 04
needs: root
seconds: 30
---
$ stage04 run --rootfs rootfs -- sh -c '\
> for i in $(seq 200); do sleep 60 & set -- "$@" $!; done; \
> kill -0 "$@" && echo "$# processes"'
200 processes
