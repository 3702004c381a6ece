stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
setup: stage09 run --upper changes box sh -c 'echo hello > /motd'; stage09 commit --change 'CMD ["cat","/motd"]' changes hello
---
$ stage09 save -o hello.tar hello; tar -tf hello.tar | cut -c 1-24
blobs/
blobs/sha256/
blobs/sha256/[..]
blobs/sha256/[..]
blobs/sha256/[..]
blobs/sha256/[..]
oci-layout
index.json
manifest.json
$ DOCKWRIGHT_ROOT=$PWD/friend stage09 load -i hello.tar
Loaded image: hello:latest
$ DOCKWRIGHT_ROOT=$PWD/friend stage09 run hello
hello
