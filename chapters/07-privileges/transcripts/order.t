stage: 07
needs: root
---
$ stage07 run --explain --rootfs rootfs -- true 2>&1 | \
> grep -E '\] (prctl|capset|seccomp|execve)' | cut -c 1-66
[[..]] prctl(PR_SET_PDEATHSIG, SIGKILL)
[[..]] prctl(PR_SET_DUMPABLE, 0)
[[..]] prctl(PR_CAPBSET_DROP, each that is not to be there)
[[..]] capset({v3, 0}, {.effective=.permitted=0xa80425fb, .inherita
[[..]] prctl(PR_SET_NO_NEW_PRIVS, 1)
[[..]] prctl(PR_SET_PDEATHSIG, SIGKILL)
[[..]] seccomp(SECCOMP_SET_MODE_FILTER, 0, {.len=[..]})
[[..]] execve("/bin/true", [true], /* 4 variables */)
[[..]] capset({v3, 0}, {.effective=.permitted=0x20, .inheritable=0}
