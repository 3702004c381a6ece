stage: 10
needs: root loopback
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage10 import --change 'CMD ["sh"]' - box
---
$ stage10 registry serve > log 2>&1 &
$ curl -s --retry 9 --retry-connrefused localhost:5000/v2/_catalog; echo
{"repositories":["box"]}
$ curl -s localhost:5000/v2/box/manifests/latest > manifest
$ tr ',' '\n' < manifest | grep digest | cut -c 1-40
"digest":"sha256:[..]
"digest":"sha256:[..]
$ L=$(grep -o 'sha256:[0-9a-f]*' manifest | tail -n 1)
$ curl -s localhost:5000/v2/box/blobs/$L | sha256sum | grep -c ${L#sha256:}
1
$ curl -s --path-as-is localhost:5000/v2/../../etc/passwd | fold -s -w 72
{"errors":[{"code":"NOT_FOUND","message":"there is nothing at this 
path; a name has small letters, digits and ._-/ only","detail":null}]}
