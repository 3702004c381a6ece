# flags: --build-arg VERSION=9 --build-arg UNUSED=1
ARG BASE=busybox
FROM $BASE
ARG VERSION=1
ARG OTHER=other
RUN echo $VERSION $OTHER > /args
LABEL version=$VERSION
