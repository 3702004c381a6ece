stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: stage10 registry serve --writable > log 2>&1 & until curl -sf localhost:5000/v2/ > out; do sleep 0.1; done; cp log seen
setup: export DOCKWRIGHT_ROOT=$PWD/friend
---
$ D=$(stage10 pull localhost:5000/box | sed -n 's/Digest: //p')
$ stage10 pull -q localhost:5000/box@$D
localhost:5000/box@sha256:[ID]
$ X=sha256:$(echo another | sha256sum | cut -c 1-64)
$ stage10 pull localhost:5000/box@$X 2>&1 | tail -n 1 | cut -c 1-66
  manifest unknown: http://localhost:5000 has no sha256:33a7b21506
