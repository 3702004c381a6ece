FROM busybox
ADD a.txt dir /added/
