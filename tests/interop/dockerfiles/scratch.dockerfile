FROM scratch
COPY dir /dir
ENTRYPOINT ["/dir/one"]
