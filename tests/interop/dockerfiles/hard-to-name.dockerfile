FROM busybox
RUN mkdir '/a b' '/ü' && touch "$(printf '/a b/new\nline')" '/ü/$x' '/back\slash' '/-n'
