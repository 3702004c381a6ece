stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: stage10 run --upper changes box sh -c 'echo hello > /motd'; stage10 commit --change 'CMD ["cat","/motd"]' changes hello
setup: stage10 registry serve --writable > log 2>&1 & until curl -sf localhost:5000/v2/ > out; do sleep 0.1; done; cp log seen
---
$ export DOCKWRIGHT_ROOT=$PWD/friend
$ stage10 pull localhost:5000/box
latest: Pulling from localhost:5000/box
[ID]: Pulling fs layer
[ID]: Pull complete
Digest: sha256:[ID]
Status: Downloaded newer image for localhost:5000/box:latest
localhost:5000/box:latest
$ stage10 pull localhost:5000/hello
latest: Pulling from localhost:5000/hello
[ID]: Already exists
[ID]: Pulling fs layer
[ID]: Pull complete
Digest: sha256:[ID]
Status: Downloaded newer image for localhost:5000/hello:latest
localhost:5000/hello:latest
$ grep -o 'GET /v2/hello.*' log | sed 's/\([0-9a-f]\{8\}\)[0-9a-f]*/\1…/'
GET /v2/hello/manifests/latest 200 [..]
GET /v2/hello/blobs/sha256:[..] 200 [..]
GET /v2/hello/blobs/sha256:[..] 200 [..]
