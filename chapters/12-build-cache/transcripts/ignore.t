stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: mkdir -p app/.git app/deep && cd app && echo secret > .env && echo x > .git/HEAD && echo a > a.log && echo b > deep/b.log && echo keep > keep.log && echo page > page
---
$ printf '%s\n' 'FROM box' 'COPY . /srv/' 'CMD ["find", "/srv", "-type", "f"]' \
> > Dockerfile
$ stage12 build -q -t all . > /dev/null; stage12 run all | sort
/srv/.env
/srv/.git/HEAD
/srv/Dockerfile
/srv/a.log
/srv/deep/b.log
/srv/keep.log
/srv/page
$ printf '%s\n' .git .env '*.log' '!keep.log' Dockerfile > .dockerignore
$ stage12 build -q -t some . > /dev/null; stage12 run some | sort
/srv/.dockerignore
/srv/deep/b.log
/srv/keep.log
/srv/page
$ printf 'FROM box\nCOPY .env /srv/\n' | stage12 build -f - . 2>&1 | \
> tail -n 4 | fold -s -w 72
ERROR: failed to solve: failed to compute cache key: failed to 
calculate checksum: "/.env": not found
  cause: it is there, but .dockerignore leaves it out
  cure:  add the line !.env
  book:  Chapter 12: Cache and stages 
(book/12-build-cache.md#ch12-fails)
