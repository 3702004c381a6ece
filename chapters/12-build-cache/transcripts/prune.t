stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: printf 'FROM box AS builder\nRUN head -c 2000000 /dev/zero > /compiler\nRUN echo p > /program\nFROM box\nCOPY --from=builder /program /bin/\n' > Dockerfile
setup: stage12 build -q -t p .
---
$ du() { stage12 builder du | cut -c 29-49,77- | grep -E 'COPY|RUN' | sort; }
$ du
false         2.56kB  COPY --from=builder /program /bin/
true          2.05kB  RUN echo p > /program
true          2MB     RUN head -c 2000000 /dev/zero > /compiler
$ stage12 builder prune -f | tail -n 1
Total reclaimed space: 2.01MB
$ du
false         2.56kB  COPY --from=builder /program /bin/
