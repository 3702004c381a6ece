stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
---
$ cat > Dockerfile <<'end'
> FROM box
> RUN cd /etc && touch been-here
> RUN pwd; ls /etc/been-here
> RUN <<script
>   for i in 1 2 3; do echo line $i; done
>   grep Seccomp: /proc/self/status
> script
> end
$ stage11 build -t r . 2>&1 | grep -E '^#[0-9] [0-9.]+ '
#3 [..] /
#3 [..] /etc/been-here
#4 [..] line 1
#4 [..] line 2
#4 [..] line 3
#4 [..] Seccomp:        2
