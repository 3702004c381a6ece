FROM busybox
WORKDIR /srv
COPY . .
