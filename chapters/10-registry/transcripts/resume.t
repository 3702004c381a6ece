stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: lying-registry --port 5000 --lie truncated-once --from-bytes 100000 --seen seen store < <(sleep 60) > lying 2>&1 & until grep -q ^other lying; do sleep 0.1; done
setup: export DOCKWRIGHT_ROOT=$PWD/friend
---
$ stage10 pull -q 127.0.0.1:5000/box
127.0.0.1:5000/box:latest
$ short() { sed 's/.*blobs.\([a-z0-9:]\{15\}\)[0-9a-f]*/\1…/'; }
$ grep -E 'blobs.*(->|range)' seen | short
sha256:[..] -> 200
sha256:[..] -> 200
sha256:[..] | range: bytes=[..]-
sha256:[..] -> 206
