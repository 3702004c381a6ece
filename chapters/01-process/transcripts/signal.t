stage: 01
needs:
setup: printf '%s\n' '#!/bin/sh' 'trap "echo I was told; exit 3" TERM' 'touch ready' 'while true; do sleep 0.1; done' > polite
setup: chmod +x polite
---
$ cat polite
#!/bin/sh
trap "echo I was told; exit 3" TERM
touch ready
while true; do sleep 0.1; done
$ stage01 run -- ./polite &
$ until [ -e ready ]; do sleep 0.1; done
$ kill -TERM $!; wait $!
I was told
? 3
