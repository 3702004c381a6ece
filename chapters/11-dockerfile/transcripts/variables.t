stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
---
$ cat > Dockerfile <<'end'
> ARG BASE=box
> FROM $BASE
> ARG VERSION
> ENV APP=/srv/app-${VERSION:-new} WORD="two words"
> WORKDIR $APP
> RUN echo "built in $PWD, version ${VERSION:-unknown}"
> CMD echo "APP=$APP VERSION=$VERSION"
> end
$ stage11 build -t v --build-arg VERSION=7 . 2>&1 | grep '[0-9] built'
#3 [..] built in /srv/app-7, version 7
$ stage11 run v
APP=/srv/app-7 VERSION=
$ stage11 history --no-trunc --format '{{.CreatedBy}}' v | grep RUN | \
> cut -c 1-60
RUN |1 VERSION=7 /bin/sh -c echo "built in $PWD, version ${V
