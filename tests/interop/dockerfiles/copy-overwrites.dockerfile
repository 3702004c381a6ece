FROM busybox
RUN mkdir -p /d && echo old > /d/one && chmod 600 /d/one
COPY dir /d
