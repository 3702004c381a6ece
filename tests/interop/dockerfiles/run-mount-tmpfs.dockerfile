FROM busybox
RUN --mount=type=tmpfs,target=/scratch echo x > /scratch/gone && echo kept > /kept && rmdir /scratch 2>/dev/null; true
