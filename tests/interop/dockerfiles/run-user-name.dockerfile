FROM busybox
RUN echo "app:x:77:88:App:/home/app:/bin/sh" >> /etc/passwd && echo "app:x:88:" >> /etc/group && mkdir -p /home/app && chown 77:88 /home/app
USER app
WORKDIR /home/app
RUN echo $HOME > home && id -un > name
