stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
setup: lying-registry --port 5000 --access bearer --user alice --password secret --no-anonymous store < <(sleep 60) > lying 2>&1 & until grep -q ^other lying; do sleep 0.1; done
setup: export DOCKWRIGHT_ROOT=$PWD/friend
---
$ stage10 pull -q 127.0.0.1:5000/box 2>&1 | head -n 4 | fold -s -w 72
stage10: cannot pull 127.0.0.1:5000/box:latest
  the manifest of box: 401 Unauthorized (UNAUTHORIZED: the tests' 
registry says so)
  cause: the registry does not know you, or the name is wrong
  cure:  log in: `login 127.0.0.1:5000`
$ echo secret | stage10 login -u alice --password-stdin 127.0.0.1:5000 2> note
Login Succeeded
$ stage10 pull -q 127.0.0.1:5000/box
127.0.0.1:5000/box:latest
$ tr -d ' \t\n' < .docker/config.json; echo; stat -c %a .docker/config.json
{"auths":{"127.0.0.1:5000":{"auth":"YWxpY2U6c2VjcmV0"}}}
600
$ echo YWxpY2U6c2VjcmV0 | base64 -d; echo
alice:secret
