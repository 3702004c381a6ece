FROM busybox
RUN mkdir /v && echo before > /v/before
VOLUME /v
RUN echo done > /done
