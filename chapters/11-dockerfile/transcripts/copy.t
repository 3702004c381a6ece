stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
---
$ mkdir -p site/pages; echo a > site/pages/a.html; echo b > site/pages/b.html
$ touch -d @1600000000 site/pages/a.html; echo x > site/run.sh
$ cat > Dockerfile <<'end'
> FROM box
> COPY pages /srv/pages
> COPY pages/*.html /one/
> COPY pages/a.html /two
> COPY --chown=1000:1000 --chmod=0755 run.sh /bin/
> COPY <<text /etc/motd
> Welcome.
> text
> end
$ stage11 build -q -t c -f Dockerfile site > id
$ stage11 run c find /srv /one /two -type f | sort
/one/a.html
/one/b.html
/srv/pages/a.html
/srv/pages/b.html
/two
$ stage11 run c stat -c '%n %u %a %Y' /two /bin/run.sh
/two 0 644 1600000000
/bin/run.sh 1000 755 1700000000
$ printf 'FROM box\nCOPY ../secret /srv/\n' > Dockerfile; echo key > secret
$ stage11 build -f Dockerfile site 2>&1 | grep ^ERROR | fold -s -w 72
ERROR: failed to solve: failed to compute cache key: failed to 
calculate checksum: "/secret": not found
