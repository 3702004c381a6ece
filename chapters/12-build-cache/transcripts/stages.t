stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: mkdir app
---
$ echo hello > app/source
$ cat > app/Dockerfile <<'end'
> FROM box AS builder
> RUN head -c 9000000 /dev/zero > /compiler
> COPY source /
> RUN tr a-z A-Z < /source > /program
> FROM builder AS test
> RUN grep -q HELLO /program
> FROM box
> COPY --from=builder /program /bin/
> CMD ["cat", "/bin/program"]
> end
$ stage12 build --progress plain -t small app 2>&1 | grep -E '\[.*(RUN|COPY)'
#2 [builder 2/4] RUN head -c 9000000 /dev/zero > /compiler
#3 [builder 3/4] COPY source /
#4 [builder 4/4] RUN tr a-z A-Z < /source > /program
#6 [stage-2 2/2] COPY --from=builder /program /bin/
$ stage12 run small
HELLO
$ stage12 build -q -t large --target builder app > id
$ stage12 images --format '{{.Repository}} {{.Size}}'
box 1.98MB
small 1.98MB
large 11MB
