stage: 11
needs: root
---
$ cat > Dockerfile <<'end'
> FROM box AS web
> RUN mkdir -p /srv && \
>     # a comment within
>     echo hello > /srv/page
> COPY --chown=1:1 page*.html /srv/
> CMD ["httpd", "-f"]
> end
$ stage11 build --print ast .
1       FROM
        words    "box" "AS" "web"
2-4     RUN
        shell    "mkdir -p /srv &&     echo hello > /srv/page"
5       COPY
        flag     --chown=1:1
        words    "page*.html" "/srv/"
6       CMD
        json     "httpd" "-f"
