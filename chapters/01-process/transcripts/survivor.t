stage: 01
needs:
cleanup: kill $(cat number)
---
$ stage01 run -- sh -c 'echo $$ > number; exec sleep 4242' &
$ until [ -s number ]; do sleep 0.1; done
$ { kill -KILL $!; wait $!; } 2> /dev/null
? 137
$ ps -o args= -p $(cat number)
sleep 4242
