FROM busybox
ENV A=b
EXPOSE 80 443/tcp 53/udp
VOLUME /data ["/more"]
VOLUME ["/logs", "/cache"]
STOPSIGNAL SIGQUIT
USER nobody
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["echo", "hi"]
