stage: 01
needs:
setup: export API_TOKEN=hunter2
---
$ stage01 run -- env | grep API_TOKEN
? 1
$ stage01 run -- sh -c 'tr "\0" "\n" < /proc/$PPID/environ | grep API'
API_TOKEN=hunter2
$ stage01 run -- sh -c 'ls /proc/$PPID/fd/9/ | grep passwd' 9< /etc
ls: cannot access '/proc/[PID]/fd/9/': No such file or directory
? 1
