FROM busybox
ENV ONE=1 TWO="two words"
ARG THREE=3
RUN echo "$ONE|$TWO|$THREE" > /environment
