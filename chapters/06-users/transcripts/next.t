stage: 06
needs: root
---
$ stage06 run --rootfs rootfs --userns private -- \
> grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status
CapEff:	000001ffffffffff
NoNewPrivs:	0
Seccomp:	0
