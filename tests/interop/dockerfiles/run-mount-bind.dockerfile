FROM busybox
RUN --mount=type=bind,source=dir,target=/mnt/in cp /mnt/in/one /copied
