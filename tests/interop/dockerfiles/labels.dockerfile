# flags: --label added=outside
FROM busybox
LABEL one=1 "two words"="a b" three='3'
LABEL multi="line one \
line two"
