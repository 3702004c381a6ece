FROM busybox AS builder
RUN mkdir /out && echo built > /out/result
FROM busybox
RUN --mount=type=bind,from=builder,source=/out,target=/in cat /in/result > /result
