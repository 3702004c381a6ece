stage: 07
needs: landlock
---
$ echo "a secret" > secret; landlock --read / -- cat secret
a secret
$ landlock --read /bin --read /usr --read /lib --read /lib64 -- cat secret
cat: secret: Permission denied
? 1
$ landlock --read / -- sh -c 'echo more > secret'
[..]: cannot create secret: Permission denied
? 2
