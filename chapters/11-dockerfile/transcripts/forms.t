stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
---
$ printf 'FROM box\nCMD echo $HOME\n' > Dockerfile
$ stage11 build -q -t form . > id && stage11 run form
/root
$ printf 'FROM box\nCMD ["echo", "$HOME"]\n' > Dockerfile
$ stage11 build -q -t form . > id && stage11 run form
$HOME
$ stage11 image inspect --format '{{.Config.Cmd}}' form
[echo $HOME]
