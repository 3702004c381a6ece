stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
---
$ cat > Dockerfile <<'end'
> FROM box
> ARG LIST
> RUN --mount=type=cache,target=/root/.npm \
>     for i in $LIST; do test -e /root/.npm/$i || echo fetch $i; \
>     touch /root/.npm/$i; done
> end
$ npm_ci() { stage12 build --progress plain --build-arg LIST="$*" -t c . \
> 2>&1 | grep -o 'fetch [a-z]*$'; }
$ npm_ci angular rxjs
fetch angular
fetch rxjs
$ npm_ci angular rxjs zone
fetch zone
$ stage12 run c ls -a /root
.
..
