stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
---
$ skopeo inspect --format '{{.Digest}}' oci:store:box:latest
sha256:[ID]
$ stage09 inspect --format '{{index .RepoDigests 0}}' box
box@sha256:[ID]
