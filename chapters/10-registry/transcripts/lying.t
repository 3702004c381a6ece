stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: stage10 registry serve --writable > log 2>&1 & until curl -sf localhost:5000/v2/ > out; do sleep 0.1; done; cp log seen
---
$ L=$(ls -S store/blobs/sha256 | head -n 1)
$ printf X | dd of=store/blobs/sha256/$L bs=1 seek=1000000 conv=notrunc \
> status=none
$ export DOCKWRIGHT_ROOT=$PWD/friend
$ short() { sed 's/\([0-9a-f]\{8\}\)[0-9a-f]*/\1…/g' | fold -s -w 72; }
$ stage10 pull localhost:5000/box 2>&1 | short
latest: Pulling from localhost:5000/box
[..]…: Pulling fs layer
stage10: cannot pull localhost:5000/box:latest
  blob sha256:[..]…: what came is sha256:[..]…
  cause: it was damaged on the way, or is another one than was asked 
for; nothing of it is kept
  cure:  get it again; if that fails, too, from elsewhere
  book:  Chapter 9: OCI images (book/09-images.md#ch09-digests)
$ stage10 images -q; find friend/blobs friend/layers -type f | wc -l
0
