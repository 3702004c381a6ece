stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: lying-registry --port 5000 --access bearer --user alice --password secret --realm other --seen seen store < <(sleep 60) > lying 2>&1 & until grep -q ^other lying; do sleep 0.1; done
setup: mkdir -m 700 .docker; echo '{"auths":{"127.0.0.1:5000":{"auth":"YWxpY2U6c2VjcmV0"}}}' > .docker/config.json
setup: export DOCKWRIGHT_ROOT=$PWD/friend
---
$ stage10 pull 127.0.0.1:5000/box 2>&1 | head -n 6 | fold -s -w 72
stage10: cannot pull 127.0.0.1:5000/box:latest
  http://127.0.0.1:5000 wants your password sent to another host, 
http://127.0.0.1:[..]
  cause: a registry that was broken into, or one whose tokens another 
host keeps
  cure:  if you know that host, add "127.0.0.1" to the list 
token-realms of registries.json
  book:  Chapter 10: A registry (book/10-registry.md#ch10-fails)
$ grep -ci authorization seen
0
? 1
