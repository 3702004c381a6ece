stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
---
$ stage09 save --format oci-dir -o box box; cd box
$ M=$(grep -o 'sha256:[0-9a-f]*' index.json | cut -d : -f 2)
$ sed 's/"schemaVersion":2/&,"manifests":[]/' blobs/sha256/$M > two
$ D=$(sha256sum < two | cut -c 1-64); S=$(stat -c %s two)
$ mv two blobs/sha256/$D; sed -i "s/$M/$D/; s/size\":4../size\":$S/" index.json
$ stage09 load -i . 2>&1 | cut -d : -f 4- | fold -s -w 72
 one program would take it for an index, another one for an image
