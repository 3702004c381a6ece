# ignore: *.txt
# ignore: !a.txt
# ignore: dir/sub
FROM busybox
COPY . /all
