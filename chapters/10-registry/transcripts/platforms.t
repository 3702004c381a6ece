stage: 10
needs: root loopback
setup: tar -C rootfs -cf t . && stage10 import --platform linux/riscv64 --change 'CMD ["echo", "far away"]' t far && stage10 import --platform linux/amd64 --change 'CMD ["echo", "here"]' t here
setup: stage10 save --format oci-dir -o d far here && cd d; of() { grep -o '"digest":"sha256:[0-9a-f]*","size":[0-9]*' index.json | sed -n "$1p"; }
setup: entry() { echo "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",$(of $1),\"platform\":{\"os\":\"linux\",\"architecture\":\"$2\"}}"; }
setup: echo "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[$(entry 1 riscv64),$(entry 2 amd64)]}" > m; D=$(sha256sum < m | cut -c 1-64); S=$(stat -c %s m); mv m blobs/sha256/$D
setup: echo "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"sha256:$D\",\"size\":$S,\"annotations\":{\"org.opencontainers.image.ref.name\":\"multi\"}}]}" > index.json; stage10 load -i .; cd ..
setup: stage10 registry serve --writable > log 2>&1 & until curl -sf localhost:5000/v2/ > out; do sleep 0.1; done; cp log seen
setup: export DOCKWRIGHT_ROOT=$PWD/friend
---
$ stage10 manifest inspect localhost:5000/multi | grep -E 'architecture|"os"'
    "os": "linux",
    "architecture": "riscv64"
    "os": "linux",
    "architecture": "amd64"
$ stage10 pull -q --platform linux/amd64 localhost:5000/multi
localhost:5000/multi:latest
$ stage10 image inspect --format '{{.Os}}/{{.Architecture}}' \
> localhost:5000/multi
linux/amd64
$ stage10 pull -q --platform linux/s390x localhost:5000/multi 2>&1 | tail -n 1
  no image for linux/s390x: there is linux/riscv64, linux/amd64
