stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
---
$ cd store/blobs/sha256; split() { tr ',' '\n' < $1 | cut -c 1-64; }
$ split ../../index.json
{"schemaVersion":2
"mediaType":"application/vnd.oci.image.index.v1+json"
"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1
"digest":"sha256:[..]
"size":[..]
"annotations":{"io.containerd.image.name":"docker.io/library/box
"org.opencontainers.image.ref.name":"box:latest"}}]}
$ M=$(grep -o 'sha256:[0-9a-f]*' ../../index.json | cut -d : -f 2)
$ split $M
{"schemaVersion":2
"mediaType":"application/vnd.oci.image.manifest.v1+json"
"config":{"mediaType":"application/vnd.oci.image.config.v1+json"
"digest":"sha256:[..]
"size":[..]
"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar"
"digest":"sha256:[..]
"size":[..]
$ C=$(grep -o 'sha256:[0-9a-f]*' $M | head -n 1 | cut -d : -f 2)
$ split $C
{"created":"2023-11-14T22:13:20Z"
"architecture":"[..]"
"os":"linux"
"config":{"Cmd":["sh"]}
"rootfs":{"type":"layers"
"diff_ids":["sha256:[..]
"history":[{"created":"2023-11-14T22:13:20Z"
"comment":"Imported from -"}]}
$ sha256sum --check <<< "$M  $M" | cut -c 65-
: OK
