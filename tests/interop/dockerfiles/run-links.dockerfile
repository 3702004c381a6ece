FROM busybox
RUN mkdir /l && echo x > /l/a && ln /l/a /l/b && ln -s ../etc/passwd /l/s && ln -s /nowhere /l/dangling
