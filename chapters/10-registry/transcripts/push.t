stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: stage10 run --upper changes box sh -c 'echo hello > /motd'; stage10 commit --change 'CMD ["cat","/motd"]' changes hello
setup: stage10 registry serve --writable > log 2>&1 & until curl -sf localhost:5000/v2/ > out; do sleep 0.1; done; cp log seen
setup: export DOCKWRIGHT_ROOT=$PWD/friend
---
$ stage10 pull -q localhost:5000/hello
localhost:5000/hello:latest
$ stage10 run --upper mine localhost:5000/hello sh -c 'echo more >> /motd'
$ stage10 commit mine localhost:5000/alice/greeting
sha256:[ID]
$ push() { stage10 push localhost:5000/alice/greeting; }
$ push | grep -oE 'Pushed|Mounted from [a-z]*|already exists' | sort | uniq -c
      2 Mounted from hello
      2 Pushed
$ push | grep -oE 'Pushed|Mounted from [a-z]*|already exists' | sort | uniq -c
      4 already exists
$ DOCKWRIGHT_ROOT=$PWD/store stage10 \
> run localhost:5000/alice/greeting
hello
more
