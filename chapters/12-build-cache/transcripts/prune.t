stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
---
$ cat > Dockerfile <<'end'
> FROM box AS builder
> RUN head -c 2000000 /dev/zero > /compiler
> RUN echo p > /program
> FROM box
> COPY --from=builder /program /bin/
> end
$ stage12 build -q -t p . > id
$ du() { stage12 builder du | cut -c 29-49,77- | grep -E 'COPY|RUN' | sort; }
$ du
false         2.56kB  COPY --from=builder /program /bin/
true          2.05kB  RUN echo p > /program
true          2MB     RUN head -c 2000000 /dev/zero > /compiler
$ stage12 builder prune -f | tail -n 1
Total reclaimed space: 2.01MB
$ du
false         2.56kB  COPY --from=builder /program /bin/
