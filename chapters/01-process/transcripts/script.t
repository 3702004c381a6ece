stage: 01
needs:
setup: printf '#!/usr/bin/pyhton3\nprint("hello")\n' > greet
setup: chmod +x greet
---
$ head -n 1 greet
#!/usr/bin/pyhton3
$ sh -c ./greet
sh: 1: ./greet: not found
? 127
$ stage01 run -- ./greet
stage01: ./greet is a script for /usr/bin/pyhton3, and [..]
  execute ./greet: No such file or directory
...
? 127
