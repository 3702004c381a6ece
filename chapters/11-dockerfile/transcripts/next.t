stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
setup: mkdir c; echo one > c/app; printf 'FROM box\nCOPY app /srv/\nRUN sleep 1; head -c 9000000 /dev/zero > /compiler\nRUN rev /srv/app > /srv/program\nCMD cat /srv/program\n' > c/Dockerfile
---
$ cat c/Dockerfile
FROM box
COPY app /srv/
RUN sleep 1; head -c 9000000 /dev/zero > /compiler
RUN rev /srv/app > /srv/program
CMD cat /srv/program
$ stage11 build -q -t slow c > id; echo two > c/app
$ stage11 build -t slow c 2>&1 | grep -A1 RUN
#3 [3/4] RUN sleep 1; head -c 9000000 /dev/zero > /compiler
#3 DONE 1.[..]s
--
#4 [4/4] RUN rev /srv/app > /srv/program
#4 DONE 0.[..]s
$ stage11 run slow wc -c /srv/program
4 /srv/program
$ stage11 images --format '{{.Repository}} {{.Size}}' | grep -v none
box 1.98MB
slow 11MB
