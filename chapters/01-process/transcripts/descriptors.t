stage: 01
needs:
---
$ stage01 run -- sh -c 'ls /proc/self/fd/9/ | grep passwd' 9< /etc
ls: cannot access '/proc/self/fd/9/': No such file or directory
? 1
