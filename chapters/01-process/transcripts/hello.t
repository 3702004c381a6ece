stage: 01
needs:
---
$ stage01 run -- echo hello
hello
$ stage01 run -- sh -c 'echo "I am a child of $(cat /proc/$PPID/comm)"'
I am a child of stage01
