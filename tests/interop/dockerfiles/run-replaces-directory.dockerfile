FROM busybox
RUN mkdir -p /d/deep && echo old > /d/deep/file
RUN rm -rf /d && mkdir /d && echo new > /d/file
