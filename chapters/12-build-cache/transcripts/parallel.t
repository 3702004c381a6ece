stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
---
$ cat > Dockerfile <<'end'
> FROM box AS one
> RUN --mount=type=cache,target=/c \
>     touch /c/one; until test -e /c/two; do sleep 0.1; done; echo 1 > /met
> FROM box AS two
> RUN --mount=type=cache,target=/c \
>     touch /c/two; until test -e /c/one; do sleep 0.1; done; echo 2 > /met
> FROM box
> COPY --from=one /met /one
> COPY --from=two /met /two
> CMD ["cat", "/one", "/two"]
> end
$ stage12 build -q -t both . > id; stage12 run both
1
2
