stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: mkdir app && echo curl > app/packages && echo 'echo hello' > app/hello
setup: printf 'FROM box\nARG V=1\nCOPY packages /\nRUN echo $V; cat /packages > /installed\nCOPY hello /bin/\n' > app/Dockerfile
setup: stage12 build -q app
---
$ cat app/Dockerfile
FROM box
ARG V=1
COPY packages /
RUN echo $V; cat /packages > /installed
COPY hello /bin/
$ stage12 build --print plan --build-arg V=2 app
[1/4] FROM docker.io/library/box:latest
[2/4] COPY packages /                          CACHED
[3/4] RUN echo $V; cat /packages > /installed  ARG V changed
[4/4] COPY hello /bin/                         a step before it is made anew
$ echo jq >> app/packages; stage12 build --print plan app
[1/4] FROM docker.io/library/box:latest
[2/4] COPY packages /                          the files changed
[3/4] RUN echo $V; cat /packages > /installed  a step before it is made anew
[4/4] COPY hello /bin/                         a step before it is made anew
