stage: 08
needs: root
---
$ mkdir evil box; ln -s /etc evil/out
$ tar -cf evil.tar -C evil out; rm evil/out; mkdir evil/out
$ echo "I was here" > evil/out/issue.net
$ tar -rf evil.tar -C evil out/issue.net; tar -tvf evil.tar | cut -c 1-11,49-
lrwxrwxrwx out -> /etc
-rw-r--r-- out/issue.net
$ stage08 layer apply evil.tar box
stage08: open out inside the container's root: No such file or directory
? 125
$ find box -type f; grep -c "I was here" /etc/issue.net
0
? 1
