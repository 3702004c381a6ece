stage: 08
needs: root
---
$ mkdir -p evil/etc box; ln -s /etc evil/out
$ tar -cf evil.tar -C evil etc out; rm evil/out; mkdir evil/out
$ echo "I was here" > evil/out/issue.net
$ tar -rf evil.tar -C evil out/issue.net
$ tar -tvf evil.tar | awk '{ print $1, $6 $7 $8 }'
drwxr-xr-x etc/
lrwxrwxrwx out->/etc
-rw-r--r-- out/issue.net
$ stage08 layer apply evil.tar box
diff ID  sha256:[..]
entries  3
size     11B
$ find box -type f; grep -c "I was here" /etc/issue.net
box/etc/issue.net
0
? 1
