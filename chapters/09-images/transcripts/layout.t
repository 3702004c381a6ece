stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
---
$ find store -type f | sed 's,\([0-9a-f]\{8\}\)[0-9a-f]*$,\1…,' | sort
store/blobs/sha256/[..]
store/blobs/sha256/[..]
store/blobs/sha256/[..]
store/index.json
store/index.lock
store/lock
store/oci-layout
store/version
