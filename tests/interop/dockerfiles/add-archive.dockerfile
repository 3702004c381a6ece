FROM busybox
ADD archive.tar.gz /unpacked/
COPY archive.tar.gz /packed/
