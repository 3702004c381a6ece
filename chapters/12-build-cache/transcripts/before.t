stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
setup: mkdir app && echo curl > app/packages && echo 'echo hello' > app/hello
---
$ cat > app/Dockerfile <<'end'
> FROM box
> COPY packages /
> RUN sleep 1 && head -c 9000000 /dev/zero > /compiler
> COPY hello /bin/
> end
$ slow() { stage11 build -t hello app 2>&1 | grep -A1 RUN; }; slow
#3 [3/4] RUN sleep 1 && head -c 9000000 /dev/zero > /compiler
#3 DONE 1.[..]s
$ echo 'echo hullo' > app/hello; slow
#3 [3/4] RUN sleep 1 && head -c 9000000 /dev/zero > /compiler
#3 DONE 1.[..]s
