stage: 08
needs: root
---
$ echo "I was here" > mine; mkdir box
$ tar -P -cf evil.tar --transform 's,mine,../../tmp/out,' mine
$ tar -P -tf evil.tar; stage08 layer apply evil.tar box
../../tmp/out
stage08: the archive has an entry that leaves the root: "../../tmp/out"
? 125
