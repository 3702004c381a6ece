FROM busybox
COPY --chmod=0640 a.txt /a.txt
COPY --chmod=755 script.sh /bin/script
