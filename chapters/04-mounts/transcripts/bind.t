stage: 04
needs: root
---
$ stage04 run --explain --rootfs rootfs -- true 2>&1 | \
> grep -v "  book" | fold -s -w 76 > story
$ grep -A3 "open_tree.*root file system" story
[ 2] open_tree(4 /* the root file system */, "",[..]
OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_EMPTY_PATH)
     why    the root becomes a mount of its own, which can be swapped as one
     shell  mount --bind ROOTFS …
$ grep -A3 "move_mount.* / " story
[10] move_mount(5, "", 8 /* / */, "",[..]
MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)
     why    a root mount must be attached somewhere before it can be swapped
     shell  mount --move … /
