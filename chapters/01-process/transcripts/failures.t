stage: 01
needs:
---
$ stage01 run -- shh
stage01: shh: not found along PATH ([..])
? 127
$ stage01 run -- /etc
stage01: /etc is a directory
  execute /etc: Permission denied
  cure:  name a program; --workdir DIR begins in a directory
  book:  Chapter 1: A process is all there is (book/01-process.md#ch01-exec)
? 126
$ stage01 run --memory 50m -- true
stage01: --memory arrives in chapter 5 (cgroups)
? 125
