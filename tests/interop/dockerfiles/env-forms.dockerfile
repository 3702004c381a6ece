FROM busybox
ENV A=1 B="two words" C=three\ words
ENV OLD old form of it
ENV PATH=$PATH:/extra A=$B
RUN env | grep -E '^(A|B|C|OLD|PATH)=' | sort > /env
