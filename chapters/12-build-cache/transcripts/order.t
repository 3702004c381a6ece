stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: mkdir app && echo curl > app/packages && echo 'echo hello' > app/hello
---
$ cat > all-first <<'end'
> FROM box
> COPY . /srv/
> RUN sort /srv/packages > /installed
> end
$ cat > list-first <<'end'
> FROM box
> COPY packages /srv/
> RUN sort /srv/packages > /installed
> COPY . /srv/
> end
$ both() { for i in all-first list-first; do echo $i:; \
> stage12 build --progress plain -f $i app 2>&1 | grep -A1 RUN; done; }
$ both > first-time; echo '# a comment' >> app/hello; both
all-first:
#3 [3/3] RUN sort /srv/packages > /installed
#3 DONE [..]s
list-first:
#3 [3/4] RUN sort /srv/packages > /installed
#3 CACHED
