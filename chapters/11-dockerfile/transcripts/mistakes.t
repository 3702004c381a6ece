stage: 11
needs: root
setup: export SOURCE_DATE_EPOCH=1700000000; tar -C rootfs -c . | stage11 import --change 'CMD ["sh"]' - box
---
$ echo 'FORM box' > Dockerfile; stage11 build . 2>&1 | fold -s -w 72
Dockerfile:1
--------------------
   1 | >>> FORM box
--------------------
ERROR: failed to solve: dockerfile parse error on line 1: unknown 
instruction: FORM (did you mean FROM?)
$ printf 'FROM box\nCOPY --chwon=1:1 a b\n' > Dockerfile
$ stage11 build . 2>&1 | tail -n 1 | fold -s -w 72
ERROR: failed to solve: dockerfile parse error on line 2: unknown flag: 
--chwon (did you mean chmod?)
$ printf 'FROM box\nENV A="${B:?is missing}"\n' > Dockerfile
$ stage11 build . 2>&1 | tail -n 1 | fold -s -w 72
ERROR: failed to solve: dockerfile parse error on line 2: failed to 
process "\"${B:?is missing}\"": B: is missing
$ printf 'FROM box\nCMD ["a"]\nCMD ["b"]\n' > Dockerfile
$ stage11 build --check . 2>&1 | fold -s -w 78
Check complete, 1 warning has been found!

WARNING: MultipleInstructionsDisallowed - 
https://docs.docker.com/go/dockerfile/rule/multiple-instructions-disallowed/
Multiple CMD instructions should not be used in the same stage because only 
the last one will be used
Dockerfile:2
--------------------
   1 |     FROM box
   2 | >>> CMD ["a"]
   3 |     CMD ["b"]
--------------------
