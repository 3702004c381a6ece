stage: 04
needs: root
---
$ stage04 run --explain --rootfs rootfs -- true 2>&1 | \
> grep -v "  book" > story
$ grep -A9 "fchdir.*the new root" story
[[..]] fchdir(5 /* the new root */)
     why    the root of the namespace itself is swapped, not a pointer
     shell  cd NEW_ROOT
[[..]] pivot_root(".", ".")
     shell  pivot_root . .
[[..]] umount2(".", MNT_DETACH)
     why    nothing of the host must be left to walk to
     shell  umount --lazy .
[[..]] chdir("/")
     shell  cd /
