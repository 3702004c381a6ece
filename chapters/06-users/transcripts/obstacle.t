stage: 06
needs: root userns
setup: stage06() { unshare --user --map-user=1234 --keep-caps bash -c 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"' bash "$stage" "$@"; }
setup: stage=$(command -v -p stage06 || type -P stage06)
---
$ stage06 run --rootfs rootfs -- id 2>&1 | fold -s -w 72
stage06: this machine lets you make no user namespace, and without root 
that is the only way to a container
  make a new namespace (CLONE_NEWUSER): No space left on device
  cause: no user namespace may be made: their number is limited to 0
  cure:  sudo sysctl user.max_user_namespaces=10000
  book:  Chapter 6: User namespaces (book/06-users.md#ch06-obstacles)
