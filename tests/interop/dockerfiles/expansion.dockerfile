FROM busybox
ENV X=value EMPTY=
ENV ONE=${X:-no} TWO=${UNSET:-default} THREE=${EMPTY:-empty} FOUR=${X:+set} FIVE=${UNSET:+set} SIX=\$X
LABEL x=$X y="${X}s" z='$X'
