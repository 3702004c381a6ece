FROM busybox
SHELL ["/bin/sh", "-e", "-c"]
RUN false || echo $0 > /shell
CMD echo hi
