stage: 09
needs: root
---
$ echo "some bytes" | sha256sum
0c169d5251a72b0c10c2a2957d0eacf02c1c5f43d80bc589abcb724df71b3a76  -
$ echo "same bytes" | sha256sum
abb7f0ae43ba52cc56233a5ecb4dfa11765f26b1282a18346d811b6a85af19c1  -
