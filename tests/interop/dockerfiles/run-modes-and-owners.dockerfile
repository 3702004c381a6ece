FROM busybox
RUN touch /f /g && chmod 4755 /f && chmod 2710 /g && chown 12:34 /g && mkdir -m 1777 /t
