FROM busybox
RUN mkdir /mine && chown 1234:5678 /mine
USER 1234:5678
WORKDIR /mine
RUN id -u > uid; id -g > gid; touch made
