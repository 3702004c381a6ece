stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: stage10 registry serve --writable > log 2>&1 & until curl -sf localhost:5000/v2/ > out; do sleep 0.1; done; cp log seen
setup: export DOCKWRIGHT_ROOT=$PWD/friend
---
$ stage10 run localhost:5000/box echo "I am here" 2> said
I am here
$ head -n 1 said; tail -n 1 said
Unable to find image 'localhost:5000/box:latest' locally
localhost:5000/box:latest
$ stage10 run localhost:5000/box echo "I am here still"
I am here still
$ stage10 run --pull never localhost:5000/other true 2>&1 | head -n 1
stage10: Unable to find image 'localhost:5000/other:latest' locally
