stage: 08
needs: root
seconds: 60
---
$ truncate -s 300M zeros; tar -c zeros | gzip -9 > bomb.tar.gz
$ stat -c %s bomb.tar.gz; mkdir box
305388
$ stage08 layer apply --archive-limit bytes=100m bomb.tar.gz box
stage08: the archive unpacks to more than the archive limit bytes=100MiB allows; if you trust the archive, --archive-limit bytes=VALUE raises it
? 125
$ stage08 layer apply --archive-limit entries=1e3 bomb.tar.gz box
stage08: --archive-limit entries 1e3: not a whole number
? 125
