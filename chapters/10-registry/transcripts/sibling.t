stage: 10
needs: root
---
$ B=$(dirname $(type -P stage10))
$ ldd $B/stage10 2>&1 | grep -c '=>'
0
? 1
$ test $(ldd $B/registry-client | grep -c '=>') -gt 20 && echo "dozens"
dozens
