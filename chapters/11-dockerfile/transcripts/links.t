stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
cleanup: rmdir /tmp/ch11
---
$ mkdir -p c /tmp/ch11; ln -s /etc/shadow c/link; echo mine > c/file
$ cat > c/Dockerfile <<'end'
> FROM box
> COPY . /srv/
> RUN ln -s / /host && mkdir /tmp/ch11
> COPY file /host/tmp/ch11/written
> CMD readlink /srv/link; cat /tmp/ch11/written
> end
$ stage11 build -q -t links c > id; stage11 run links
/etc/shadow
mine
$ ls /tmp/ch11
$ printf 'FROM box\nCOPY link /srv/link\n' > c/Dockerfile
$ stage11 build c 2>&1 | grep ^ERROR | fold -s -w 72
ERROR: failed to solve: failed to compute cache key: failed to 
calculate checksum: "/link": not found
