FROM busybox
COPY *.txt /texts/
COPY dir/t* /ts/
COPY ?.txt /one-letter/
COPY [ab].txt /class/
