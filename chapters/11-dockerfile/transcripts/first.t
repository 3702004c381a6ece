stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
setup: mkdir app && cd app
---
$ echo hello > page
$ cat > Dockerfile <<'end'
> FROM box
> ENV PORT=8080
> WORKDIR /srv
> COPY page .
> RUN wc -c page > size
> EXPOSE 8080
> USER 1000
> LABEL made.by=hand
> CMD ["cat", "page", "size"]
> end
$ stage11 build -t web .
#1 [1/4] FROM docker.io/library/box:latest
#1 DONE [..]s

#2 [2/4] WORKDIR /srv
#2 DONE [..]s

#3 [3/4] COPY page .
#3 DONE [..]s

#4 [4/4] RUN wc -c page > size
#4 DONE [..]s

#5 exporting to image
#5 writing image sha256:[ID]
#5 naming to docker.io/library/web:latest
#5 DONE [..]s
$ stage11 run web
hello
6 page
$ stage11 history --format '{{.Size}} {{.CreatedBy}}' web | head -n 8
0B CMD ["cat" "page" "size"]
0B LABEL made.by=hand
0B USER 1000
0B EXPOSE map[8080/tcp:{}]
7B RUN /bin/sh -c wc -c page > size # buildkit
6B COPY page . # buildkit
0B WORKDIR /srv
0B ENV PORT=8080
$ stage11 inspect --format '{{json .RootFS.Layers}}' web | tr ',' '\n' | wc -l
4
