stage: 01
needs:
---
$ stage01 run -- true
$ stage01 run -- sh -c 'exit 7'
? 7
$ stage01 run -- sh -c 'kill -KILL $$'
? 137
