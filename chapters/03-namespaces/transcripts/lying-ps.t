stage: 03
needs: root
minutes: 1
---
$ unshare --pid --fork sh -c 'echo I am $$; readlink /proc/self'
I am 1
[PID]
