# flags: --secret id=token,src=secret.txt
FROM busybox
RUN --mount=type=secret,id=token wc -c < /run/secrets/token > /length
