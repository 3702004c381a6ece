FROM busybox
COPY special /special
