stage: 07
needs: root
---
$ stage07 run --rootfs rootfs -- grep Seccomp /proc/self/status
Seccomp:	2
Seccomp_filters:	1
$ stage07 run --explain --rootfs rootfs -- true 2>&1 | grep -A 2 MODE_FILTER
[[..]] seccomp(SECCOMP_SET_MODE_FILTER, 0, {.len=[..]})
     why    most of the kernel's calls are not for this program
     book   Chapter 7: Capabilities and seccomp [..]
