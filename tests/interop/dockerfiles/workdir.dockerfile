FROM busybox
WORKDIR /one
WORKDIR two/three
WORKDIR ../four
RUN pwd > /where
