stage: 07
needs: root
---
$ stage07 run --rootfs rootfs --ulimit nofile=64:128 --oom-score-adj 500 -- \
> sh -c 'ulimit -Sn; ulimit -Hn; cat /proc/self/oom_score_adj'
64
128
500
$ stage07 run --rootfs rootfs --sysctl kernel.shmmni=77 -- \
> cat /proc/sys/kernel/shmmni
77
$ stage07 run --rootfs rootfs --sysctl kernel.core_pattern=x -- true
stage07: --sysctl kernel.core_pattern: not a setting of a namespace
  cause: it would be set for the whole machine
  cure:  net.*, fs.mqueue.*, kernel.msg*, kernel.sem and kernel.shm* can be
  book:  Chapter 7: Capabilities and seccomp [..]
? 125
