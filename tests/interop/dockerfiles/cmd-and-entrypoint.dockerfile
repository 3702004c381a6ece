FROM busybox
CMD echo shell form
ENTRYPOINT exec top -b
