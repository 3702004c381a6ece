stage: 09
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage09 import --change 'CMD ["sh"]' - box
---
$ for name in alice/flask:1.2 localhost:5000/box registry/flask; do \
>   stage09 tag box $name; \
> done
$ grep -o 'image.name":"[^"]*' store/index.json | cut -d '"' -f 3 | sort
docker.io/alice/flask:1.2
docker.io/library/box:latest
docker.io/registry/flask:latest
localhost:5000/box:latest
$ stage09 tag box Box 2>&1 | fold -s -w 72
stage09: invalid image name "Box": names are written in small letters: 
box
  cure:  a name is [HOST[:PORT]/]PATH[:TAG][@DIGEST], such as flask, 
alice/flask:2 or localhost:5000/flask
  book:  Chapter 9: OCI images (book/09-images.md#ch09-names)
