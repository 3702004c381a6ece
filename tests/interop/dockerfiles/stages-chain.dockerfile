FROM busybox AS one
RUN echo one > /one
FROM one AS two
COPY --from=one /one /copied
RUN cat /one /copied > /two
FROM scratch
COPY --from=two /two /result
COPY --from=one /bin/busybox /bin/busybox
CMD ["/bin/busybox", "cat", "/result"]
