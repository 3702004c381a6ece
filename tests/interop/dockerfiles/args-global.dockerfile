ARG WHO=world
FROM busybox
RUN echo "[$WHO]" > /before
ARG WHO
RUN echo "[$WHO]" > /after
