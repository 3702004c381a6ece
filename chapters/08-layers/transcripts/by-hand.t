stage: 08
needs: root
setup: mkdir t && mount -t tmpfs none t && cd t
---
$ mkdir low up work all
$ echo "from below" > low/text; echo old > low/other
$ mount -t overlay overlay all \
> -o lowerdir=low,upperdir=up,workdir=work
$ echo "and a line" >> all/text; rm all/other; cat all/text
from below
and a line
$ ls -l --time-style=+ up | tail -n +2
c--------- 2 root root 0, 0  other
-rw-r--r-- 1 root root   22  text
$ cat low/text
from below
