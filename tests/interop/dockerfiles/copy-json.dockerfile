FROM busybox
COPY ["with space.txt", "/with space/"]
