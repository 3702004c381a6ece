stage: 08
needs: root
seconds: 60
---
$ truncate -s 100M zeros; tar -c zeros | gzip -9 > bomb.tar.gz
$ stat -c %s bomb.tar.gz; mkdir box
10[..]
$ stage08 layer apply --archive-limit bytes=10m bomb.tar.gz box 2>&1 | \
> fold -s -w 72
stage08: the archive unpacks to more than the archive limit 
bytes=10.0MiB allows; if you trust the archive, --archive-limit 
bytes=VALUE raises it
$ stage08 layer apply --archive-limit ratio=100 bomb.tar.gz box 2>&1 | \
> fold -s -w 72
stage08: the archive unpacks to, times its own size, more than the 
archive limit ratio=100 allows; if you trust the archive, 
--archive-limit ratio=VALUE raises it
