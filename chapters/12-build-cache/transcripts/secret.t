stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
---
$ echo hunter22 > password
$ cat > Dockerfile <<'end'
> FROM box
> RUN --mount=type=secret,id=password \
>     wc -c < /run/secrets/password > /used
> RUN ls -a /run
> end
$ stage12 build --progress plain --secret id=password,src=password -t s . \
> 2>&1 | grep -E '^#[0-9]+ [0-9.]+ '
#3 [..] .
#3 [..] ..
$ stage12 run s cat /used
9
$ grep -r hunter22 store
? 1
