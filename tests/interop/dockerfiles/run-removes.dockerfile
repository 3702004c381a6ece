FROM busybox
RUN mkdir /d && touch /d/one /d/two && ln -s one /d/link
RUN rm /d/one && rm -r /etc/group && mkdir /etc/group
