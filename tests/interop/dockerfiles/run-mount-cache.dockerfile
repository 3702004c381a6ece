FROM busybox
RUN --mount=type=cache,target=/var/cache/x echo cached > /var/cache/x/f && echo done > /done
