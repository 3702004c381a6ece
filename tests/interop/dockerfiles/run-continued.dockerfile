FROM busybox
RUN echo one \
    # a comment between
    && echo two > /two \

    && echo three > /three
