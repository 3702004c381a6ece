FROM busybox
CMD ["one"]
ENTRYPOINT ["two"]
