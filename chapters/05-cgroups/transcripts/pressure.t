stage: 05
needs: root
---
$ cat /proc/pressure/memory
some avg10=[..] avg60=[..] avg300=[..] total=[..]
full avg10=[..] avg60=[..] avg300=[..] total=[..]
