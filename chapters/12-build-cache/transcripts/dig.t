stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
---
$ echo hunter22 > password
$ cat > Dockerfile <<'end'
> FROM box
> COPY password /root/
> RUN test -s /root/password # here the sources are fetched
> RUN rm /root/password
> end
$ stage12 build -q -t safe . > id; stage12 run safe ls -a /root
.
..
$ stage12 save -o safe.tar safe; mkdir dig; tar -C dig -xf safe.tar
$ find dig -type f -exec tar -xOf {} root/password ';' 2> errors
hunter22
