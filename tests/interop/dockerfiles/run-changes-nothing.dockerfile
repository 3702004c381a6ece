FROM busybox
RUN true
CMD ["true"]
