FROM busybox AS first
RUN mkdir /o && echo 1 > /o/f && chmod 600 /o/f && chown 3:4 /o/f
FROM busybox
COPY --from=first /o /o
COPY --from=0 /o/f /g
