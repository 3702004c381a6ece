FROM busybox
WORKDIR /w
USER 99
COPY a.txt .
