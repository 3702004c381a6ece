FROM busybox
RUN echo hello > /greeting && mkdir -p /a/b/c
