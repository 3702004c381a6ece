stage: 09
needs: root
---
$ mkdir d; echo '{"imageLayoutVersion":"1.0.0"}' > d/oci-layout
$ echo '{"schemaVersion":2,"manifests":[],"manifests":[]}' > d/index.json
$ stage09 load -i d
stage09: index.json: /manifests: this key stands there twice
? 125
$ printf '[%.0s' $(seq 100) > d/index.json; stage09 load -i d
stage09: index.json: JSON nested deeper than the limit of 64
? 125
$ echo '{"schemaVersion":"2","manifests":[]}' > d/index.json
$ stage09 load -i d 2>&1 | fold -s -w 72
stage09: index.json: /schemaVersion: a whole number, not below 0, is 
expected here
