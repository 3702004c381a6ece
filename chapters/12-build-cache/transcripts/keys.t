stage: 12
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage12 import --change 'CMD ["sh"]' - box
setup: mkdir app && echo curl > app/packages && echo 'echo hello' > app/hello
---
$ printf 'FROM box\nCOPY . /srv/\n' > app/Dockerfile
$ again() { stage12 build --progress plain $1 2>&1 | grep '^#2 [CD]'; }
$ again app
#2 DONE [..]s
$ find app -exec touch {} +; again app
#2 CACHED
$ cp -a app elsewhere; again elsewhere
#2 CACHED
$ chmod +x app/hello; again app
#2 DONE [..]s
