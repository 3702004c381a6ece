FROM busybox
COPY --chown=12:34 dir /dir
COPY --chown=56 a.txt /a
COPY --chown=root:daemon b.txt /b
