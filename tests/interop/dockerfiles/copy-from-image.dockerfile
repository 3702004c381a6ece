FROM scratch
COPY --from=busybox /etc/passwd /passwd
