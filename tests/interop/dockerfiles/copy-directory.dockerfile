FROM busybox
COPY dir /dir
COPY dir/ /dir2/
COPY dir/sub dir/one /many/
