stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
setup: stage11 run box true
---
$ cat > Dockerfile <<'end'
> FROM box
> RUN mkdir /a
> RUN echo about to fail && \
>     cat /no/such/file
> CMD ["sh"]
> end
$ files() { find store -maxdepth 3 | sort; }; files > before
$ stage11 build -t never . 2>&1 | sed '1,/^------/d' | fold -s -w 72
 > [3/3] RUN echo about to fail && cat /no/such/file:
0.[..] about to fail
0.[..] cat: can't open '/no/such/file': No such file or directory
------
Dockerfile:3
--------------------
   2 |     RUN mkdir /a
   3 | >>> RUN echo about to fail && \
   4 | >>>     cat /no/such/file
   5 |     CMD ["sh"]
--------------------
ERROR: failed to solve: process "/bin/sh -c echo about to fail &&     
cat /no/such/file" did not complete successfully: exit code: 1
$ files | diff before - && echo nothing
nothing
