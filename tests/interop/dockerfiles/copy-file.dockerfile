FROM busybox
COPY a.txt /a.txt
COPY a.txt b.txt /both/
COPY a.txt /renamed/deep/name
