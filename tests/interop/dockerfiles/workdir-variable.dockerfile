FROM busybox
ENV BASE=/base
WORKDIR $BASE/${SUB:-sub}
RUN pwd > here
