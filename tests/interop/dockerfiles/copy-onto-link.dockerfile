FROM busybox
RUN mkdir /real && ln -s /real /alias
COPY dir /alias/
