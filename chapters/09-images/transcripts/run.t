stage: 09
needs: root
setup: tar -C rootfs -cf rootfs.tar .
---
$ stage09 import --change 'ENTRYPOINT ["echo", "I say:"]' \
>   --change 'CMD ["nothing"]' --change 'ENV WHO=me' rootfs.tar say
sha256:[ID]
$ stage09 run say
I say: nothing
$ stage09 run say something else
I say: something else
$ stage09 run --entrypoint sh say -c 'echo $WHO'
me
$ stage09 run --entrypoint sh -e WHO=you say -c 'echo $WHO'
you
$ stage09 run --entrypoint echo say

