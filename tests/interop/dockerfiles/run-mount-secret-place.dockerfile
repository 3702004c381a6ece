# flags: --secret id=token,src=secret.txt
FROM busybox
RUN --mount=type=secret,id=token,target=/etc/token,mode=0444 stat -c %a /etc/token > /mode
