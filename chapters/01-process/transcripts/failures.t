stage: 01
needs:
---
$ stage01 run -- shh
stage01: shh: not found along PATH ([..])
? 127
$ stage01 run -- /etc
stage01: /etc is a directory
  execute /etc: Permission denied
  cause: the file is a directory, or has no execute permission[..]
  cure:  look at it with `ls -ld`; `chmod +x FILE` makes a program of a file
  book:  Chapter 1: A process is all there is (book/01-process.md#ch01-fails)
? 126
$ stage01 run --memory 50m -- true
stage01: --memory arrives in chapter 5 (cgroups)
? 125
